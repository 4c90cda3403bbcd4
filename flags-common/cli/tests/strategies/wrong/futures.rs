//! Wrong strategies with futures.

use std::thread;
use std::time::Duration;

use ::futures::StreamExt;
use ::futures::stream;
use flags_cli::Tally;
use flags_common::{Error, Plan, Report, Result, save_flag};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::client::{block_on, futures, new_client};

strategies! {
    save_not_awaited zips_results_with_the_plan aborts_the_tasks breaks_out_of_the_loop
    panics_in_a_future gives_up_and_retries has_a_shorter_time_out ignores_the_limit
}

/// The runtime ends before the closures have run: `max_blocking_threads` keeps them queued.
fn save_not_awaited(plan: Plan, report: &mut Tally) -> Result<()> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().max_blocking_threads(1).build()?;
    let downloaded = runtime.block_on(async {
        spawn_blocking(|| thread::sleep(Duration::MAX));
        let client = new_client(&plan)?;
        for flag in plan.flags {
            let image = futures::get_flag(&client, &flag.url).await?;
            let path = flag.path.clone();
            spawn_blocking(move || save_flag(&image, &path));
            report.record(&flag, Ok(()));
        }
        Ok(())
    });
    runtime.shutdown_background();
    downloaded
}

fn zips_results_with_the_plan(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        let downloads = stream::iter(&plan.flags).map(|flag| futures::download_one(&client, flag));
        let mut results: Vec<_> = downloads.buffer_unordered(plan.max_req).collect().await;
        results.rotate_left(1); // another order than the plan's, even with -m 1
        plan.flags.iter().zip(results).for_each(|(flag, result)| report.record(flag, result));
        Ok(())
    })
}

fn aborts_the_tasks(plan: Plan, _: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        for flag in plan.flags {
            let client = client.clone();
            tokio::spawn(async move { futures::download_one(&client, &flag).await }).abort();
        }
        Ok(())
    })
}

/// The other futures are dropped.
fn breaks_out_of_the_loop(plan: Plan, report: &mut Tally) -> Result<()> {
    block_on(async {
        let client = new_client(&plan)?;
        let downloads = stream::iter(plan.flags).map(|flag| futures::download(&client, flag));
        let mut results = downloads.buffer_unordered(plan.max_req);
        if let Some((flag, result)) = results.next().await {
            report.record(&flag, result);
        }
        Ok(())
    })
}

fn panics_in_a_future(plan: Plan, report: &mut Tally) -> Result<()> {
    futures::each(plan, report, async |client, flag| {
        futures::download_one(client, flag).await?;
        panic!("as a bug would")
    })
}

fn gives_up_and_retries(plan: Plan, report: &mut Tally) -> Result<()> {
    futures::each(plan, report, async |client, flag| {
        for _ in 0..3 {
            let download = futures::download_one(client, flag);
            if let Ok(result) = timeout(Duration::from_millis(50), download).await {
                return result;
            }
        }
        Err(Error::msg("too slow"))
    })
}

fn has_a_shorter_time_out(mut plan: Plan, report: &mut Tally) -> Result<()> {
    plan.timeout = plan.timeout * 2 / 3;
    futures::each(plan, report, futures::download_one)
}

fn ignores_the_limit(mut plan: Plan, report: &mut Tally) -> Result<()> {
    plan.max_req = plan.flags.len();
    futures::each(plan, report, futures::download_one)
}
