//! Right strategies with futures and reqwest.

use std::sync::Arc;
use std::time::Duration;

use ::futures::future::{join_all, select_ok};
use ::futures::stream::{self, FuturesUnordered};
use ::futures::{FutureExt, StreamExt};
use backon::{ConstantBuilder, Retryable};
use flags_cli::Tally;
use flags_common::{Flag, Plan, Report, Result, save_flag};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;

use crate::client::futures::{download, download_one, each, get_flag};
use crate::client::{block_on, new_client};

strategies! {
    join_set several_runtime_threads futures_unordered_with_refill retries races_a_mirror
    time_limit saves_on_another_thread for_each_concurrent semaphore_and_join_all
    channel_of_results
}

async fn in_tasks(plan: Plan, report: &mut Tally) -> Result<()> {
    let client = new_client(&plan)?;
    let places = Arc::new(Semaphore::new(plan.max_req));
    let mut tasks = JoinSet::new();
    for flag in plan.flags {
        let (client, places) = (client.clone(), places.clone());
        tasks.spawn(async move {
            let _place = places.acquire().await;
            download(&client, flag).await
        });
    }
    while let Some(joined) = tasks.join_next().await {
        let (flag, result) = joined?;
        report.record(&flag, result);
    }
    Ok(())
}

fn join_set(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(in_tasks(plan, report))
}

fn several_runtime_threads(plan: Plan, report: &mut Tally) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(in_tasks(plan, report))
}

fn futures_unordered_with_refill(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        let download = |flag| download(&client, flag);
        let mut flags = plan.flags.into_iter();
        let mut running: FuturesUnordered<_> =
            flags.by_ref().take(plan.max_req).map(download).collect();
        while let Some((flag, result)) = running.next().await {
            running.extend(flags.next().map(download));
            report.record(&flag, result);
        }
        Ok(())
    })
}

fn retries(plan: Plan, report: &mut Tally) -> Result<()> {
    let nine = ConstantBuilder::new().with_delay(Duration::from_millis(1)).with_max_times(9);
    each(plan, report, async |client, flag| (|| download_one(client, flag)).retry(nine).await)
}

/// The mirror has no flags.
fn races_a_mirror(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, async |client, flag| {
        let mirror = flag.url.replace("/flags/", "/mirror/");
        let both = [&flag.url, &mirror].map(|url| get_flag(client, url).boxed_local());
        let (image, _other) = select_ok(both).await?;
        save_flag(&image, &flag.path)
    })
}

fn time_limit(plan: Plan, report: &mut Tally) -> Result<()> {
    let limit = Duration::from_secs(30);
    each(plan, report, async |client, flag| timeout(limit, download_one(client, flag)).await?)
}

fn saves_on_another_thread(plan: Plan, report: &mut Tally) -> Result<()> {
    each(plan, report, async |client, flag| {
        let (image, path) = (get_flag(client, &flag.url).await?, flag.path.clone());
        spawn_blocking(move || save_flag(&image, &path)).await?
    })
}

fn for_each_concurrent(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        let report = std::cell::RefCell::new(report);
        let record = async |flag: &Flag| {
            let result = download_one(&client, flag).await;
            report.borrow_mut().record(flag, result);
        };
        stream::iter(&plan.flags).for_each_concurrent(plan.max_req, record).await;
        Ok(())
    })
}

fn semaphore_and_join_all(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let (client, places) = (new_client(&plan)?, Semaphore::new(plan.max_req));
        let downloads = plan.flags.iter().map(async |flag| {
            let _place = places.acquire().await;
            download_one(&client, flag).await
        });
        let results = join_all(downloads).await;
        plan.flags.iter().zip(results).for_each(|(flag, result)| report.record(flag, result));
        Ok(())
    })
}

fn channel_of_results(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let (client, (sender, mut results)) = (new_client(&plan)?, mpsc::channel(1));
        let flags = stream::iter(plan.flags);
        tokio::spawn(flags.for_each_concurrent(plan.max_req, move |flag| {
            let (client, sender) = (client.clone(), sender.clone());
            async move { sender.send(download(&client, flag).await).await.unwrap() }
        }));
        while let Some((flag, result)) = results.recv().await {
            report.record(&flag, result);
        }
        Ok(())
    })
}
