//! Files on their way to where others can fetch them (XEP-0363): the service of the own server, a slot there, the upload.

mod http;

use jid::Jid;
use minidom::Element;
use xmpp_parsers::ns;

use super::authorities::Authorities;
use super::build::With;
use super::endpoint::Endpoint;
use super::iq::{Refusal, Request};
use super::proxy::Via;
use super::session::Session;
use crate::conversation::attachment::{LocalFile, Shared};
use crate::error::Error;
use crate::exit_code::ExitCode;
use http::Target;

const UPLOAD: &str = "urn:xmpp:http:upload:0";
/// The only headers that a service may ask for (XEP-0363 §6).
const HEADERS: [&str; 3] = ["authorization", "cookie", "expires"];

/// How the server of the account is reached, which may be where files go, too.
#[derive(Clone, Copy)]
pub struct Way<'a> {
    pub endpoint: Option<&'a Endpoint>,
    pub authorities: &'a Authorities,
    /// The proxy that connections go through.
    pub via: Option<&'a Via>,
}

/// Where files go, and how large they may be.
struct Service {
    address: Jid,
    limit: Option<u64>,
}

struct Slot {
    put: Target,
    headers: Vec<(String, String)>,
    get: String,
}

/// Uploads the files one after the other; `progress` learns how many bytes of which are there. What is too large is
/// told before any byte is sent.
pub async fn upload(
    session: &mut Session,
    way: Way<'_>,
    files: &[LocalFile],
    progress: &dyn Fn(&LocalFile, u64),
) -> Result<Vec<Shared>, Error> {
    session.stream.progress.step("looking for the server's place for files");
    let service = service(session).await?;
    for file in files {
        if let Some(limit) = service.limit.filter(|limit| file.size > *limit) {
            return Err(Error::FileTooLarge { name: file.name.clone(), size: file.size, limit });
        }
    }
    let mut shared = Vec::new();
    for file in files {
        session.stream.progress.step(format!("asking for a place for {}", file.name));
        let slot = slot(session, &service, file).await?;
        session.stream.progress.step(format!("uploading {}", file.name));
        let own = way.endpoint.filter(|_| slot.put.host == session.account().domain().as_str());
        let sha256 = http::put(&slot, own, &way, &session.stream.progress, file, progress).await?;
        let LocalFile { name, size, media_type, .. } = file.clone();
        shared.push(Shared { url: slot.get, name, size, media_type, sha256 });
    }
    Ok(shared)
}

/// The first of the server's services that takes files, or the server itself.
async fn service(session: &mut Session) -> Result<Service, Error> {
    let domain = session.account_domain()?;
    let items = Request::get(Some(domain.clone()), Element::bare("query", ns::DISCO_ITEMS));
    let answers = session.ask(&[items], |_| Ok(())).await?;
    let items = answers.into_iter().next().and_then(Result::ok).flatten();
    let found = items.iter().flat_map(Element::children).filter_map(|item| Jid::new(item.attr("jid")?).ok());
    let addresses: Vec<Jid> = found.take(50).chain([domain.clone()]).collect();
    let about = |address: &Jid| Request::get(Some(address.clone()), Element::bare("query", ns::DISCO_INFO));
    let requests: Vec<Request> = addresses.iter().map(about).collect();
    let answers = session.ask(&requests, |_| Ok(())).await?;
    let services = addresses.into_iter().zip(answers).filter_map(|(address, answer)| {
        let about = answer.ok().flatten()?;
        let offers = about.children().any(|child| child.name() == "feature" && child.attr("var") == Some(UPLOAD));
        offers.then(|| Service { address, limit: limit(&about) })
    });
    services.into_iter().next().ok_or_else(|| Error::NotSupported {
        server: domain.to_string(),
        feature: "a place for files (XEP-0363)".into(),
    })
}

fn limit(about: &Element) -> Option<u64> {
    let fields = about.children().filter(|form| form.is("x", ns::DATA_FORMS)).flat_map(Element::children);
    let field = fields.into_iter().find(|field| field.attr("var") == Some("max-file-size"))?;
    field.get_child("value", ns::DATA_FORMS)?.text().trim().parse().ok()
}

async fn slot(session: &mut Session, service: &Service, file: &LocalFile) -> Result<Slot, Error> {
    let request = Element::builder("request", UPLOAD)
        .with("filename", &file.name)
        .with("size", &file.size.to_string())
        .with("content-type", file.media_type);
    let request = Request::get(Some(service.address.clone()), request.build());
    let answer = session.ask(&[request], |_| Ok(())).await?.into_iter().next();
    let slot = match answer {
        Some(Ok(Some(slot))) => slot,
        Some(Err(refusal)) => return Err(no_slot(refusal, file)),
        _ => return Err(bad_slot("it is empty")),
    };
    read_slot(&slot)
}

fn no_slot(refusal: Refusal, file: &LocalFile) -> Error {
    match refusal.condition.as_str() {
        "resource-constraint" | "internal-server-error" => {
            not_uploaded(&file.name, &refusal.condition, ExitCode::TryLater)
        }
        _ => refusal.into_error(&format!("a place for {}", file.name)),
    }
}

fn read_slot(slot: &Element) -> Result<Slot, Error> {
    let put = slot.get_child("put", UPLOAD).ok_or_else(|| bad_slot("it has no address"))?;
    let get = slot.get_child("get", UPLOAD).and_then(|get| get.attr("url")).filter(|url| is_safe(url));
    let get = get.ok_or_else(|| bad_slot("it has no address with encryption"))?.to_owned();
    let headers = put.children().filter(|child| child.is("header", UPLOAD)).filter_map(header).collect();
    Ok(Slot { put: Target::parse(put.attr("url").unwrap_or_default())?, headers, get })
}

fn is_safe(url: &str) -> bool {
    url.starts_with("https://") && !url.contains(|letter: char| letter.is_control() || letter.is_whitespace())
}

fn header(header: &Element) -> Option<(String, String)> {
    let name = header.attr("name")?.to_lowercase();
    let value = header.text().replace(['\r', '\n'], "");
    HEADERS.contains(&name.as_str()).then_some((name, value))
}

fn bad_slot(problem: &str) -> Error {
    Error::Refused { what: "a place for the file".into(), reason: problem.to_owned() }
}

/// `code` says whether it may work another time.
fn not_uploaded(name: &str, why: &str, code: ExitCode) -> Error {
    Error::NotDelivered { reason: format!("{name} was not uploaded: {why}"), said: String::new(), code }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(put: &str, get: &str) -> Result<Slot, Error> {
        let headers = "<header name='Authorization'>Basic\r\n x</header><header name='Host'>evil</header>";
        let xml = format!("<slot xmlns='{UPLOAD}'><put url='{put}'>{headers}</put><get url='{get}'/></slot>");
        read_slot(&xml.parse().expect("XML"))
    }

    #[test]
    fn only_the_headers_of_the_standard_are_sent_and_none_is_smuggled_in() {
        let slot = slot("https://chat.example:5443/a/b?c", "https://chat.example/a").expect("a slot");
        assert_eq!(slot.headers, [("authorization".into(), "Basic x".into())]);
        assert_eq!((slot.put.host.as_str(), slot.put.port, slot.put.path.as_str()), ("chat.example", 5443, "/a/b?c"));
    }

    #[test]
    fn nothing_goes_out_or_comes_in_unencrypted() {
        assert!(slot("http://chat.example/a", "https://chat.example/a").is_err());
        assert!(slot("https://chat.example/a", "http://chat.example/a").is_err());
        assert!(slot("https://chat.example/a", "https://chat.example/a\nx").is_err());
    }

    #[test]
    fn the_limit_is_read_from_the_form() {
        let form = "<query xmlns='http://jabber.org/protocol/disco#info'><x xmlns='jabber:x:data' type='result'>\
            <field var='max-file-size'><value>5242880</value></field></x></query>";
        assert_eq!(limit(&form.parse().expect("XML")), Some(5_242_880));
    }
}
