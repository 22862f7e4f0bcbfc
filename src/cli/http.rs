//! A chat endpoint: its address, its key, one request at a time with limits on everything.

use std::io::Read as _;
use std::net::IpAddr;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use dyetrace::suggest::answer::ANSWER_BYTES_MAX;
use ureq::http::{HeaderValue, StatusCode, Uri};
use zeroize::Zeroizing;

use super::error::{Failure, Stop, unreadable};
use super::interrupt;

/// The longest wait for a connection.
const CONNECT_MAX: Duration = Duration::from_secs(10);
/// How often a request is sent at most, where the server is busy or fails.
const TRIES_MAX: u32 = 3;
/// The first pause before another try; each one after it is twice as long.
const PAUSE: Duration = Duration::from_millis(500);
/// The longest pause, whatever the server asks for.
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// How often an interrupt is looked for while an answer is awaited.
const TICK: Duration = Duration::from_millis(50);
/// Longer than any key, shorter than a mistake with `/dev/zero`.
const KEY_BYTES_MAX: u64 = 4_096;

/// Where requests go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    /// The address of chat completions.
    url: String,
    /// The host, with the port where it is not the usual one: what people are told and plans name.
    pub(super) host: String,
    loopback: bool,
    tls: bool,
}

impl Endpoint {
    /// The endpoint that somebody means by an address with or without `/v1` and `/chat/completions`.
    ///
    /// Without TLS everybody on the way reads along, so that needs `allow_http` unless the host is this machine.
    pub(super) fn new(address: &str, allow_http: bool) -> Result<Self, Stop> {
        let refused = |why: &str, hint: &str| -> Stop {
            Failure::new("the address of `--suggest` cannot be used", why, hint).into()
        };
        let example = "pass an address such as http://localhost:8080 or https://api.example.com/v1";
        let uri: Uri = address.parse().map_err(|_| refused("it is no web address", example))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(refused("it needs http:// or https:// and a host", example));
        };
        if authority.as_str().contains('@') {
            return Err(refused(
                "it holds a user name or password",
                "pass the key by `--key-file` or `--key-env`",
            ));
        }
        if uri.query().is_some() || address.contains('#') {
            return Err(refused("it has a part behind `?` or `#`", example));
        }
        let tls = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(refused("only http:// and https:// can be asked", example)),
        };
        let name = authority.host().trim_start_matches('[').trim_end_matches(']');
        if name.is_empty() {
            return Err(refused("it names no host", example));
        }
        let loopback =
            name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        if !tls && !loopback && !allow_http {
            let hint = "use https://, or pass `--allow-http` where the network may read along";
            return Err(refused("http:// to another machine sends the text unencrypted", hint));
        }
        let path = uri.path().trim_end_matches('/');
        let path = path.strip_suffix("/chat/completions").unwrap_or(path);
        let path = if path.is_empty() { "/v1" } else { path };
        // A path that names no version is a prefix of one.
        let versioned = path.rsplit('/').next().is_some_and(|last| {
            last.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        });
        let version = if versioned || uri.path().trim_end_matches('/').ends_with("/chat/completions") {
            ""
        } else {
            "/v1"
        };
        Ok(Self {
            url: format!("{scheme}://{authority}{path}{version}/chat/completions"),
            host: authority.as_str().to_owned(),
            loopback,
            tls,
        })
    }

    /// Whether a key may be sent there.
    pub(super) fn may_have_key(&self) -> bool {
        self.tls || self.loopback
    }
}

/// A key as it stands in a header; never printed.
pub(super) struct Key(Zeroizing<String>);

impl Key {
    /// The first line of a file.
    pub(super) fn from_file(path: &Path) -> Result<Self, Stop> {
        let mut text = Zeroizing::new(String::new());
        std::fs::File::open(path)
            .and_then(|file| file.take(KEY_BYTES_MAX).read_to_string(&mut text))
            .map_err(|e| unreadable(path, &e))?;
        Self::new(text.lines().next().unwrap_or_default(), "the key file")
    }

    /// The value of an environment variable.
    pub(super) fn from_environment(name: &str) -> Result<Self, Stop> {
        #[expect(clippy::disallowed_methods, reason = "the variable that the command line names")]
        let text = Zeroizing::new(std::env::var(name).unwrap_or_default());
        Self::new(&text, "the variable of `--key-env`")
    }

    fn new(text: &str, place: &str) -> Result<Self, Stop> {
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Failure::new(
                "the key cannot be used",
                format!("{place} holds no key: one line of visible ASCII characters"),
                "check the file or the variable; the key itself is never printed",
            )
            .into());
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

/// Why no answer came.
#[derive(Debug)]
pub(super) enum Silence {
    /// The server turned this form of request down.
    Unsuited,
    /// The body is larger than an answer may be.
    TooLarge,
    /// The body is not JSON by its own account.
    NotJson,
    /// Ctrl-C.
    Interrupted,
    /// There is no use in asking further.
    Broken { why: String, hint: &'static str },
}

/// A connection to an endpoint.
pub(super) struct Client {
    agent: ureq::Agent,
    endpoint: Endpoint,
    key: Option<Key>,
    timeout: Duration,
}

/// What one request came to.
enum Reply {
    Body(Vec<u8>),
    Later(String, Option<Duration>),
    Silence(Silence),
}

impl Client {
    pub(super) fn new(endpoint: Endpoint, key: Option<Key>, timeout: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            .timeout_connect(Some(timeout.min(CONNECT_MAX)))
            // The text and the key go to the host that was confirmed and to no other.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .https_only(endpoint.tls)
            .user_agent(concat!("dyetrace/", env!("CARGO_PKG_VERSION")));
        // A proxy carries TLS unread; without TLS it would be another reader.
        let config = if endpoint.tls { config } else { config.proxy(None) };
        Self { agent: config.build().into(), endpoint, key, timeout }
    }

    pub(super) fn host(&self) -> &str {
        &self.endpoint.host
    }

    /// The body of the answer to a chat completion request.
    pub(super) fn ask(&self, body: &[u8]) -> Result<Vec<u8>, Silence> {
        let mut pause = PAUSE;
        let mut tries = 1;
        loop {
            match self.send(body)? {
                Reply::Body(body) => return Ok(body),
                Reply::Silence(silence) => return Err(silence),
                Reply::Later(why, asked) if tries < TRIES_MAX => {
                    drop(why);
                    wait(asked.unwrap_or(pause).min(PAUSE_MAX))?;
                    pause *= 2;
                    tries += 1;
                }
                Reply::Later(why, _) => {
                    let hint = "try again later, or pass a longer `--suggest-timeout`";
                    return Err(Silence::Broken { why: format!("{why}, {tries} times"), hint });
                }
            }
        }
    }

    /// Sends once, on a thread of its own, so that Ctrl-C need not wait for the server.
    fn send(&self, body: &[u8]) -> Result<Reply, Silence> {
        let (sender, receiver) = mpsc::channel();
        let mut request = self
            .agent
            .post(&self.endpoint.url)
            .header("content-type", "application/json")
            .header("accept", "application/json");
        if let Some(Key(key)) = &self.key {
            let text = Zeroizing::new(format!("Bearer {}", key.as_str()));
            if let Ok(mut value) = HeaderValue::from_str(&text) {
                value.set_sensitive(true);
                request = request.header("authorization", value);
            }
        }
        let (body, timeout) = (body.to_vec(), self.timeout);
        thread::spawn(move || {
            // Nobody listens any more after an interrupt.
            let _ = sender.send(reply(request.send(&body[..]), timeout));
        });
        loop {
            match receiver.recv_timeout(TICK) {
                Ok(reply) => return Ok(reply),
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    interrupt::check().map_err(|_| Silence::Interrupted)?;
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    let hint = "run the same command again";
                    return Err(Silence::Broken { why: "the request broke down".into(), hint });
                }
            }
        }
    }
}

/// Waits, and listens for Ctrl-C meanwhile.
fn wait(pause: Duration) -> Result<(), Silence> {
    let start = Instant::now();
    while start.elapsed() < pause {
        interrupt::check().map_err(|_| Silence::Interrupted)?;
        thread::sleep(TICK.min(pause));
    }
    Ok(())
}

fn reply(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>, timeout: Duration) -> Reply {
    let mut response = match response {
        Ok(response) => response,
        Err(error) => return failed(&error, timeout),
    };
    let status = response.status();
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    if !status.is_success() {
        let asked = header("retry-after").and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
        return turned_down(status, asked);
    }
    // Some local servers say text/plain, and a page says so itself.
    if header("content-type").is_some_and(|kind| kind.trim_start().starts_with("text/html")) {
        return Reply::Silence(Silence::NotJson);
    }
    let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX as u64).read_to_vec();
    match body {
        Ok(body) => Reply::Body(body),
        Err(ureq::Error::BodyExceedsLimit(_)) => Reply::Silence(Silence::TooLarge),
        Err(error) => failed(&error, timeout),
    }
}

/// What a status other than success means; the body may repeat the request and the key, so it is not read.
fn turned_down(status: StatusCode, asked: Option<Duration>) -> Reply {
    let broken = |why: &str, hint| {
        Reply::Silence(Silence::Broken { why: format!("{why} (status {})", status.as_u16()), hint })
    };
    match status.as_u16() {
        300..=399 => broken(
            "the server sends us to another address, which was not confirmed",
            "pass that address to `--suggest` if the text may go there",
        ),
        400 | 422 => Reply::Silence(Silence::Unsuited),
        401 | 403 => {
            broken("the server does not accept the key", "check what `--key-file` or `--key-env` names")
        }
        404 | 405 => broken(
            "the server has no chat completions there, or not this model",
            "check the address, and name a model by `--model`",
        ),
        408 | 425 | 429 | 500..=599 => {
            Reply::Later(format!("the server answers with status {}", status.as_u16()), asked)
        }
        _ => broken("the server turned the request down", "check the address and the model"),
    }
}

/// What an error on the way means; only its kind is told, never what it carries.
fn failed(error: &ureq::Error, timeout: Duration) -> Reply {
    let broken = |why: &str, hint| Reply::Silence(Silence::Broken { why: why.into(), hint });
    match error {
        ureq::Error::Timeout(_) => {
            Reply::Later(format!("no answer within {} seconds", timeout.as_secs()), None)
        }
        ureq::Error::HostNotFound => broken("the host is not known", "check the address"),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => {
            broken("the connection cannot be secured", "check the address and the server's certificate")
        }
        ureq::Error::Io(error) => match error.kind() {
            std::io::ErrorKind::ConnectionRefused => {
                broken("the connection is refused", "check that the server runs")
            }
            std::io::ErrorKind::TimedOut => {
                Reply::Later(format!("no answer within {} seconds", timeout.as_secs()), None)
            }
            std::io::ErrorKind::InvalidData => {
                broken("the answer breaks the protocol", "check that the address is a chat endpoint")
            }
            _ => Reply::Later("the connection broke off".into(), None),
        },
        ureq::Error::ConnectionFailed => {
            broken("there is no connection", "check the address and the network")
        }
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => {
            broken("the answer breaks the protocol", "check that the address is a chat endpoint")
        }
        _ => broken("the request failed", "check the address and the network"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_endpoint_behind_every_way_to_write_it() {
        let url = |address: &str| Endpoint::new(address, true).map(|endpoint| endpoint.url).ok();
        let local = Some("http://localhost:8080/v1/chat/completions".to_owned());
        for address in ["", "/", "/v1", "/v1/", "/v1/chat/completions", "/v1/chat/completions/"] {
            assert_eq!(url(&format!("http://localhost:8080{address}")), local, "{address}");
        }
        assert_eq!(
            url("https://a.example/openai"),
            Some("https://a.example/openai/v1/chat/completions".into())
        );
        assert_eq!(
            url("https://a.example/chat/completions"),
            Some("https://a.example/v1/chat/completions".into())
        );
        assert_eq!(
            url("https://a.example/api/chat/completions"),
            Some("https://a.example/api/chat/completions".into())
        );
        for address in [
            "localhost:8080",
            "ftp://a.example",
            "https://",
            "https://u:p@a.example",
            "https://a.example/?key=1",
            "x y",
        ] {
            assert_eq!(url(address), None, "{address}");
        }
    }

    #[test]
    fn only_this_machine_is_asked_in_the_clear() {
        for address in ["http://localhost", "http://127.0.0.1:1", "http://[::1]:1", "https://a.example"] {
            assert!(Endpoint::new(address, false).is_ok_and(|endpoint| endpoint.may_have_key()), "{address}");
        }
        for address in [
            "http://a.example",
            "http://localhost.a.example",
            "http://10.0.0.1",
            "http://127.0.0.1.a.example",
        ] {
            assert!(Endpoint::new(address, false).is_err(), "{address}");
            assert!(Endpoint::new(address, true).is_ok_and(|endpoint| !endpoint.may_have_key()), "{address}");
        }
    }
}
