//! `dyetrace demo`: the whole story on built-in material, in a folder of its own.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use dyetrace::item::{Document, Format};
use dyetrace::leak::Fragment;
use dyetrace::outbox::{self, Delivered, Order, Registered, World};
use dyetrace::plan::Options;
use dyetrace::registry::{ISSUER_PUBLIC, Registry};
use dyetrace::rehearse::{self, Random};
use dyetrace::report::demo::{Leak, Story};
use dyetrace::report::paint::{Page, Role};
use dyetrace::report::{Style, checked, terminal, words};
use dyetrace::trust::Terms;
use dyetrace::verdict::Verdict;
use ring::rand::SystemRandom;

use super::args::DemoArgs;
use super::error::{Failure, Stop, unwritable};
use super::item::Item;
use super::trace::Found;
use super::ui::Ui;
use super::{Answer, clock, files, interrupt, issue, registry, trace, verify};

const BRIEF: &str = include_str!("../../fixtures/items/brief.md");
const AGENCIES: &str = include_str!("../../fixtures/items/agencies.csv");

/// Where the story is told when no folder is named.
const FOLDER: &str = "dyetrace-demo";

/// The accepted chance of a false accusation in the story; less than the default would need longer quotes of so
/// short a brief.
const ALPHA: f64 = 1e-3;

/// Whose copies leak, as places in the list of agencies.
const EXCERPTED: usize = 16;
const RETYPED: usize = 7;
const SCANNED: usize = 25;
const MERGED: [usize; 2] = [3, 21];

/// Where each excerpt begins, in words, and how many it has.
const PASTE: (usize, usize) = (40, 140);
const TYPING: (usize, usize) = (260, 300);
const PAGE: (usize, usize) = (230, 320);

/// How many words of a leak are shown.
const GLIMPSE: usize = 34;

/// The share of characters that the demo's scanner misreads: a photograph of a printed page.
const MISREAD: f64 = 0.02;

pub(super) fn run(ui: &Ui, args: &DemoArgs) -> Result<Answer, Stop> {
    let folder = args.dir.clone().unwrap_or_else(|| PathBuf::from(FOLDER));
    let stage = Stage::set(&folder)?;
    let mut teller = Teller { ui, chapter: 0 };
    teller.prologue()?;
    let issued = stage.issue(&mut teller)?;
    let leaks = stage.leak_and_trace(&mut teller, &issued)?;
    let valid = stage.verify(&mut teller, &issued)?;
    let as_expected = valid && leaks.iter().all(|leak| leak.as_expected);
    let story = Story {
        folder: folder.display().to_string(),
        copies: issued.delivered.len(),
        sites: issued.registered.edition.sites().len(),
        leaks,
        signatures_hold: valid,
    };
    if ui.json {
        ui.object(&story.object())?;
    } else {
        teller.epilogue(&folder, &issued)?;
    }
    Ok(if as_expected { Answer::Yes } else { Answer::No })
}

/// The folder and what is in it.
struct Stage {
    folder: PathBuf,
}

/// What the story's issuer sent out.
struct Sent {
    registry: Registry,
    registered: Registered,
    delivered: Vec<Delivered>,
    /// The text of every copy, by its place in the list of agencies.
    texts: Vec<String>,
}

impl Stage {
    /// Makes the folder, which must not be there: nothing of anybody's is ever overwritten.
    fn set(folder: &Path) -> Result<Self, Stop> {
        fs::create_dir(folder).map_err(|e| {
            let failure = unwritable(folder, &e);
            let hint = "name a folder that does not exist yet: `dyetrace demo DIR`".to_owned();
            Stop::from(Failure {
                what: format!("cannot make the folder {}", folder.display()),
                hint,
                ..failure
            })
        })?;
        for part in ["leaks", "reports"] {
            let part = folder.join(part);
            fs::create_dir(&part).map_err(|e| unwritable(&part, &e))?;
        }
        let stage = Self { folder: folder.to_owned() };
        stage.write("brief.md", BRIEF)?;
        stage.write("agencies.csv", AGENCIES)?;
        Ok(stage)
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Stop> {
        files::write(&self.folder.join(name), text.as_bytes(), false)
    }

    /// A registry, 33 recipients, one marked and signed copy for each.
    fn issue(&self, teller: &mut Teller<'_>) -> Result<Sent, Stop> {
        let now = clock::now()?;
        let random = SystemRandom::new();
        let place = self.folder.join("registry");
        let mut registry = Registry::init(&place, None, &random, now.as_str())
            .map_err(|e| registry::failure("cannot make the demo's registry", e))?;
        let import = registry
            .import_recipients(AGENCIES.as_bytes(), &now)
            .map_err(|e| registry::failure("cannot register the demo's agencies", e))?;
        let recipients = import.added;
        let item = Item::read("brief.md", BRIEF.as_bytes())?;
        let plan = item.propose(Options::default());
        self.write("plan.toml", &plan.to_toml(item.document()))?;
        let state = issue::state(&item, &plan, 2)?;
        let registered = issue::prepare(&registry, &item, state)?;
        let signer = registry.issuer(None).map_err(|e| registry::failure("cannot use the demo's key", e))?;
        let terms = Terms::default();
        let outbox_folder = self.folder.join("outbox");
        let order =
            Order { recipients: &recipients, folder: &outbox_folder, terms: &terms, tool: issue::TOOL };
        let world = World { now: &now, random: &random };
        interrupt::defer();
        let delivered = outbox::issue(&mut registry, &signer, &registered, &order, world, |_, _| {
            if interrupt::check().is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        interrupt::check()?;
        let delivered = delivered.map_err(|e| issue::failure("the demo's brief", e))?;
        let mut texts = Vec::with_capacity(delivered.len());
        for copy in &delivered {
            texts.push(text_of(&copy.path)?);
        }
        teller.issued(&issue::view(&registered, &delivered, &terms), &texts, &delivered)?;
        Ok(Sent { registry, registered, delivered, texts })
    }

    /// Five leaks, each traced.
    fn leak_and_trace(&self, teller: &mut Teller<'_>, sent: &Sent) -> Result<Vec<Leak>, Stop> {
        let excerpt = |place: usize, (at, length)| rehearse::excerpt(&sent.texts[place], length, at);
        // Fixed seeds: the typist and the scanner slip at the same places in every demo; the keys are new each time.
        let retyped = rehearse::retype(excerpt(RETYPED, TYPING), &mut Random::new(7));
        let scanned = rehearse::ocr_noise(excerpt(SCANNED, PAGE), MISREAD, &mut Random::new(25));
        let merged = rehearse::halves(&sent.texts[MERGED[0]], &sent.texts[MERGED[1]]);
        let original = sent.registered.edition.document().text().to_owned();
        let name = |place: usize| sent.delivered[place].recipient.name.clone();
        let acts = [
            Act {
                file: "1-pasted.txt",
                what: format!("{} pastes {} words of its copy into a chat.", name(EXCERPTED), PASTE.1),
                text: excerpt(EXCERPTED, PASTE).to_owned(),
                verdict: Verdict::Attributed,
                places: vec![EXCERPTED],
            },
            Act {
                file: "2-retyped.txt",
                what: format!(
                    "{} types {} words off the screen: plain quotes, wrong keys, a word or two left out.",
                    name(RETYPED),
                    TYPING.1
                ),
                text: retyped,
                verdict: Verdict::Attributed,
                places: vec![RETYPED],
            },
            Act {
                file: "3-scanned.txt",
                what: format!(
                    "{} prints {} words; someone photographs the page and runs it through OCR.",
                    name(SCANNED),
                    PAGE.1
                ),
                text: scanned,
                verdict: Verdict::Attributed,
                places: vec![SCANNED],
            },
            Act {
                file: "4-merged.txt",
                what: format!(
                    "{} and {} splice their copies, the first half of one and the second of the other.",
                    name(MERGED[0]),
                    name(MERGED[1])
                ),
                text: merged,
                verdict: Verdict::Coalition,
                places: MERGED.to_vec(),
            },
            Act {
                file: "5-original.txt",
                what:
                    "Somebody in the author's own office leaks the brief as it was before any copy was made."
                        .to_owned(),
                text: original,
                verdict: Verdict::Original,
                places: Vec::new(),
            },
        ];
        let mut leaks = Vec::with_capacity(acts.len());
        for act in &acts {
            interrupt::check()?;
            leaks.push(self.play(teller, sent, act)?);
        }
        Ok(leaks)
    }

    fn play(&self, teller: &mut Teller<'_>, sent: &Sent, act: &Act) -> Result<Leak, Stop> {
        let name = format!("leaks/{}", act.file);
        self.write(&name, &act.text)?;
        let fragment = Fragment::from_text(name.clone(), act.text.as_str());
        let found = trace::search(&sent.registry, &[fragment], None, trace::alpha(ALPHA)?)?;
        let report = format!("reports/{}", act.file.replace(".txt", ".html"));
        trace::write_report(&self.folder.join(&report), &found.view(), false)?;
        let named: Vec<_> = found.trace.culprits.iter().map(|culprit| culprit.copy).collect();
        let meant: Vec<_> = act.places.iter().map(|&place| sent.delivered[place].copy).collect();
        // Of two that were merged, one alone may reach the threshold: no wrong answer, only half of the right one.
        let as_expected = found.trace.verdict.names_a_copy() == act.verdict.names_a_copy()
            && (act.verdict.names_a_copy() || found.trace.verdict == act.verdict)
            && named.iter().all(|copy| meant.contains(copy));
        let leak = Leak {
            leak: name,
            report,
            verdict: found.trace.verdict.name(),
            named: named.iter().map(|copy| found.view().recipient(*copy).to_owned()).collect(),
            meant: act.places.iter().map(|&place| sent.delivered[place].recipient.name.clone()).collect(),
            as_expected,
        };
        teller.leak(act, &found, &leak)?;
        Ok(leak)
    }

    /// Every copy against its record; then one with a single letter changed.
    fn verify(&self, teller: &mut Teller<'_>, sent: &Sent) -> Result<bool, Stop> {
        let key = verify::public_key(&self.folder.join("registry").join(ISSUER_PUBLIC))?;
        let mut valid = 0;
        for copy in &sent.delivered {
            valid += usize::from(verify::check(&copy.path, None, &key)?.valid);
        }
        let first = &sent.delivered[0];
        let mut bytes = files::read(&first.path, dyetrace::item::SOURCE_BYTES_MAX)?;
        if let Some(last) = bytes.iter_mut().rev().find(|byte| byte.is_ascii_lowercase()) {
            *last = if *last == b'e' { b'a' } else { b'e' };
        }
        let forged = self.folder.join("leaks").join("6-one-letter-changed.md");
        files::write(&forged, &bytes, false)?;
        let forgery = verify::check(&forged, Some(&first.record), &key)?;
        teller.verified(valid, sent.delivered.len(), &forgery)?;
        Ok(valid == sent.delivered.len() && !forgery.valid)
    }
}

/// One leak of the story.
struct Act {
    file: &'static str,
    what: String,
    text: String,
    verdict: Verdict,
    /// Whose copies it was made of, as places in the list of agencies.
    places: Vec<usize>,
}

/// Tells the story on standard output, or keeps quiet where one JSON object was asked for.
struct Teller<'u> {
    ui: &'u Ui,
    chapter: usize,
}

impl Teller<'_> {
    fn tell(&self, page: impl FnOnce(&mut Page)) -> Result<(), Stop> {
        if self.ui.json {
            return Ok(());
        }
        let mut text = Page::new(self.ui.style());
        page(&mut text);
        self.ui.answer(&text.finish())
    }

    fn heading(&mut self, page: &mut Page, title: &str) {
        self.chapter += 1;
        page.row(Role::Strong, "");
        page.row(Role::Strong, &format!("{}. {title}", self.chapter));
        page.row(Role::Strong, "");
    }

    fn prologue(&mut self) -> Result<(), Stop> {
        self.tell(|page| {
            page.text(
                0,
                Role::Plain,
                "A fictional intelligence cell shares one secret brief with 33 agencies. Each gets a copy of its own: \
                 the same facts in slightly different words. Then the brief leaks, five times.",
            );
        })
    }

    fn issued(
        &mut self,
        view: &dyetrace::report::issue::IssueView,
        texts: &[String],
        delivered: &[Delivered],
    ) -> Result<(), Stop> {
        let mut heading = Page::new(self.ui.style());
        self.heading(&mut heading, "Thirty-three copies");
        let style = self.ui.style();
        let heading = heading.finish();
        if self.ui.json {
            return Ok(());
        }
        self.ui.answer(&heading)?;
        self.ui.answer(&view.page(style))?;
        self.tell(|page| {
            page.row(Role::Plain, "");
            page.text(0, Role::Plain, "The same sentence in three of them:");
            page.gap();
            for (text, copy) in texts.iter().zip(delivered).take(3) {
                page.text(2, Role::Faint, &style.clip(&copy.recipient.name, 60));
                page.text(4, Role::Plain, &style.line(rehearse::excerpt(text, 40, excerpt_start(text))));
            }
        })
    }

    fn leak(&mut self, act: &Act, found: &Found, leak: &Leak) -> Result<(), Stop> {
        if self.ui.json {
            return Ok(());
        }
        let style = self.ui.style();
        let mut page = Page::new(style);
        let title = act.file.trim_end_matches(".txt").split_once('-').map_or(act.file, |(_, title)| title);
        self.heading(&mut page, &format!("Leak: {title}"));
        page.text(0, Role::Plain, &style.line(&act.what));
        page.gap();
        let glimpse = rehearse::excerpt(&act.text, GLIMPSE, 0);
        page.text(2, Role::Faint, &format!("{}{}", style.line(glimpse), style.glyph("…", "...")));
        page.gap();
        self.ui.answer(&page.finish())?;
        // The first trace in full, so that a newcomer has seen one; of the others what they conclude.
        let first = act.file.starts_with('1');
        let view = found.view();
        self.ui.answer(&if first {
            terminal::trace(&view, style)
        } else {
            terminal::summary(&view, style)
        })?;
        if !leak.as_expected {
            self.ui
                .warning("this is not what the story meant to show: run the demo again, its keys are random");
        }
        Ok(())
    }

    fn verified(&mut self, valid: usize, all: usize, forgery: &checked::Checked) -> Result<(), Stop> {
        if self.ui.json {
            return Ok(());
        }
        let style = self.ui.style();
        let mut page = Page::new(style);
        self.heading(&mut page, "Signatures");
        let text = format!(
            "{} of {} copies are valid under the issuer's public key. Change one letter of one of them:",
            words::size(valid),
            words::size(all)
        );
        page.text(0, Role::Plain, &text);
        page.gap();
        self.ui.answer(&page.finish())?;
        self.ui.answer(&checked::page(std::slice::from_ref(forgery), style))
    }

    fn epilogue(&mut self, folder: &Path, sent: &Sent) -> Result<(), Stop> {
        let style: Style = self.ui.style();
        let mut page = Page::new(style);
        self.heading(&mut page, "Your turn");
        let at = style.line(&folder.display().to_string());
        page.text(0, Role::Plain, &format!("Everything is in {at}: the brief with its variants (brief.md), the copies and their signed records (outbox), \
                 the leaks, a page about each trace (reports). Try:"));
        page.gap();
        let copy = sent.delivered[EXCERPTED].path.file_name().unwrap_or_default().to_string_lossy();
        for (what, command) in [
            ("go there", format!("cd {at} && export DYETRACE_REGISTRY=registry")),
            (
                "see the evidence for the retyped leak",
                "dyetrace trace leaks/2-retyped.txt --alpha 1e-3".to_owned(),
            ),
            ("paste any passage of any copy, then press Ctrl-D", "dyetrace trace - --alpha 1e-3".to_owned()),
            (
                "check a copy as its recipient would",
                format!("dyetrace verify outbox/{copy} \\\n      --key registry/issuer.pub.pem"),
            ),
            ("see what the brief can promise", "dyetrace plan brief.md".to_owned()),
            ("see what the registry keeps", "dyetrace inspect registry".to_owned()),
        ] {
            page.row(Role::Faint, &format!("  # {what}"));
            page.row(Role::Literal, &format!("  {command}"));
        }
        self.ui.answer(&page.finish())
    }
}

/// The word at which the part about observations begins, past the headings.
fn excerpt_start(text: &str) -> usize {
    text.find("Between").map_or(0, |at| rehearse::word_count(&text[..at]))
}

/// What a reader of a copy sees.
fn text_of(copy: &Path) -> Result<String, Stop> {
    let bytes = files::read(copy, dyetrace::item::SOURCE_BYTES_MAX)?;
    let document = Document::read(Format::Markdown, &bytes).map_err(|e| {
        Failure::from_error("cannot read the demo's own copy", &e, "remove the folder and run the demo again")
    })?;
    Ok(document.text().to_owned())
}
