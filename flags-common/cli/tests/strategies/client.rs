//! What a strategy of this test needs of a downloader: the functions of the lesson, in both forms.

use flags_cli::Tally;
use flags_common::{Flag, Plan, Report, Result, check_status, save_flag};

pub fn new_agent(plan: &Plan) -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_idle_connections(plan.max_req)
        .max_idle_connections_per_host(plan.max_req)
        .timeout_recv_response(Some(plan.timeout))
        .proxy(None)
        .build()
        .into()
}

#[tracing::instrument(skip(agent))]
pub fn get_flag(agent: &ureq::Agent, url: &str) -> Result<Vec<u8>> {
    let mut response = agent.get(url).call()?;
    let image = response.body_mut().read_to_vec();
    check_status(response.status())?;
    Ok(image?)
}

pub fn download_one(agent: &ureq::Agent, flag: &Flag) -> Result<()> {
    save_flag(&get_flag(agent, &flag.url)?, &flag.path)
}

/// Records what `one` does, for each flag.
pub fn each(
    plan: Plan,
    report: &mut Tally,
    mut one: impl FnMut(&ureq::Agent, &Flag) -> Result<()>,
) -> Result<()> {
    let agent = new_agent(&plan);
    for flag in &plan.flags {
        report.record(flag, one(&agent, flag));
    }
    Ok(())
}

pub fn new_client(plan: &Plan) -> Result<reqwest::Client> {
    _ = rustls::crypto::ring::default_provider().install_default();
    Ok(reqwest::Client::builder().timeout(plan.timeout).no_proxy().build()?)
}

/// The same functions, with futures.
pub mod futures {
    use ::futures::{StreamExt, stream};

    use super::*;

    #[tracing::instrument(skip(client))]
    pub async fn get_flag(client: &reqwest::Client, url: &str) -> Result<Vec<u8>> {
        let response = client.get(url).send().await?;
        let status = response.status();
        let image = response.bytes().await;
        check_status(status)?;
        Ok(image?.to_vec())
    }

    pub async fn download_one(client: &reqwest::Client, flag: &Flag) -> Result<()> {
        save_flag(&get_flag(client, &flag.url).await?, &flag.path)
    }

    /// Records what `one` does, for each flag.
    pub fn each(
        plan: Plan,
        report: &mut Tally,
        one: impl AsyncFn(&reqwest::Client, &Flag) -> Result<()>,
    ) -> Result<()> {
        block_on(async {
            let client = new_client(&plan)?;
            let downloads = stream::iter(&plan.flags);
            let downloads = downloads.map(async |flag| (flag, one(&client, flag).await));
            let mut results = downloads.buffer_unordered(plan.max_req);
            while let Some((flag, result)) = results.next().await {
                report.record(flag, result);
            }
            Ok(())
        })
    }

    /// The result with its flag.
    pub async fn download(client: &reqwest::Client, flag: Flag) -> (Flag, Result<()>) {
        let result = download_one(client, &flag).await;
        (flag, result)
    }
}

/// Runs a future on one thread.
pub fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(future)
}
