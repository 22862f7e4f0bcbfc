//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use dyetrace::channel::Channel;

/// The registry folder where none is named.
pub(super) const REGISTRY_DEFAULT: &str = "dyetrace-registry";

// Not a doc comment: a terminal shows no backticks around the variable's name.
const REGISTRY_HELP: &str = "The registry [default: $DYETRACE_REGISTRY, else ./dyetrace-registry]";

const EXIT_CODES: &str = "\
Exit codes:
  0    yes: copies written, a copy named, everything valid
  1    no: nobody named, inconclusive, a signature that does not hold
  2    could not tell: usage, files, a damaged registry
  130  interrupted";

// clap's own line would be wider than a terminal.
const ISSUE_USAGE: &str = "dyetrace issue [OPTIONS] <ITEM> --out <DIR>
                      <--to <NAME,..>|--to-file <FILE.csv>|--to-all>";

const REVIEW_HELP: &str = "\
Answers, one key each on a terminal, else one line each:
  a, y          accept              A  accept all that are left of this class
  r, n          reject              R  reject all that are left of this class
  e [N TEXT]    edit alternative N  +  TEXT  add an alternative
  d [N]         strike alternative N
  p [WORDS]     protect the sentence, or only some words near the site
  s skip   b back   u undo   q save and quit   ? help
  \"\" as TEXT means nothing at all. Every answer is kept at once.

Exit codes:
  0    the answers are in the plan, whether or not sites are left
  2    could not: usage, files, a plan of another item
  130  interrupted; the answers given so far are in the plan";

/// Names the copy a leaked fragment came from, with a proven bound on naming the wrong one.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 80, term_width = 80, after_help = EXIT_CODES, propagate_version = true)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub(super) struct Global {
    // Its help is a constant, see there.
    #[arg(long, global = true, help = REGISTRY_HELP, value_name = "DIR", env = "DYETRACE_REGISTRY", hide_env = true)]
    pub(super) registry: Option<PathBuf>,
    /// Print exactly one JSON object
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Print no progress, hints or warnings
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
    /// Use colour: auto, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    pub(super) color: ColorWhen,
    /// Print bytes below 128 only
    #[arg(long, global = true)]
    pub(super) ascii: bool,
    /// Read the issuer key's passphrase from the first line of a file
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) passphrase_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorWhen {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a registry: the issuer's key pair, a database, a secret
    Init(InitArgs),
    /// Say who may receive copies
    Recipient(RecipientArgs),
    /// Find an item's mark sites and say what it can promise
    Plan(PlanArgs),
    /// Decide about a plan's sites, one by one
    #[command(after_help = REVIEW_HELP)]
    Review(ReviewArgs),
    /// Write one marked, signed copy for each recipient
    #[command(after_help = EXIT_CODES)]
    Issue(IssueArgs),
    /// Match leaked fragments to the copy they came from
    #[command(after_help = EXIT_CODES)]
    Trace(TraceArgs),
    /// Check copies against their signed records, without the registry
    #[command(after_help = EXIT_CODES)]
    Verify(VerifyArgs),
    /// Show what a key, plan, signed record or registry holds
    Inspect(InspectArgs),
    /// See the whole story on built-in material
    Demo(DemoArgs),
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The folder to make [default: --registry, else ./dyetrace-registry]
    #[arg(value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
    /// Protect the issuer's key by a passphrase, asked for on the terminal
    #[arg(long)]
    pub(super) passphrase: bool,
}

#[derive(Debug, Args)]
pub(super) struct RecipientArgs {
    #[command(subcommand)]
    pub(super) command: RecipientCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum RecipientCommand {
    /// Add one recipient
    Add(RecipientAddArgs),
    /// Add the recipients of a CSV file: all of them or, after an error, none
    Import {
        /// CSV with a header line; column `name` is needed, `email`, `org` and `id` may be there
        #[arg(value_name = "FILE.csv")]
        file: PathBuf,
    },
    /// List the recipients
    List,
}

#[derive(Debug, Args)]
pub(super) struct RecipientAddArgs {
    /// The recipient's name, unique in the registry
    pub(super) name: String,
    /// E-mail address
    #[arg(long, value_name = "ADDRESS")]
    pub(super) email: Option<String>,
    /// Organisation
    #[arg(long, value_name = "ORG")]
    pub(super) org: Option<String>,
    /// The recipient's public key
    #[arg(long, value_name = "PUB.pem")]
    pub(super) key: Option<PathBuf>,
}

/// Which sites may be used.
#[derive(Debug, Clone, Args)]
pub(super) struct SiteArgs {
    /// Use proposals of this tier unread: strict, normal or bold
    #[arg(
        long,
        value_name = "TIER",
        default_value = "strict",
        hide_possible_values = true,
        conflicts_with = "plan"
    )]
    pub(super) accept: TierArg,
    /// Use the invisible channel: space code points that a paste keeps
    #[arg(long, conflicts_with = "plan")]
    pub(super) invisible: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TierArg {
    Strict,
    Normal,
    Bold,
}

#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    /// The item: text, Markdown, DOCX, PPTX, ODT or ODP
    #[arg(value_name = "ITEM")]
    pub(super) item: PathBuf,
    /// Write a plan that a person can review and edit
    #[arg(long, short, value_name = "PLAN.toml")]
    pub(super) output: Option<PathBuf>,
    /// Check an edited plan against the item, or add suggestions to it
    #[arg(long, value_name = "PLAN.toml")]
    pub(super) plan: Option<PathBuf>,
    #[command(flatten)]
    pub(super) sites: SiteArgs,
    /// Show what each sentence and paragraph names when quoted alone
    #[arg(long)]
    pub(super) map: bool,
    /// Write that map as a page, with the item's text, for a browser
    #[arg(long, value_name = "OUT.html")]
    pub(super) page: Option<PathBuf>,
    /// For how many copies to say what can be promised
    #[arg(long, value_name = "N")]
    pub(super) copies: Option<u64>,
    /// For which chance of a false accusation to say it
    #[arg(long, value_name = "A")]
    pub(super) alpha: Option<f64>,
    /// Replace an existing plan file or page
    #[arg(long, short)]
    pub(super) force: bool,
    // Last, because its heading holds for all that follows.
    #[command(flatten)]
    pub(super) suggest: SuggestArgs,
}

/// Wordings from a language model.
#[derive(Debug, Args)]
#[command(next_help_heading = "Suggestions, added to the plan switched off")]
pub(super) struct SuggestArgs {
    /// Ask a model at this address for wordings of sentences that cannot be traced
    #[arg(long, value_name = "URL", requires = "output")]
    pub(super) suggest: Option<String>,
    /// The model's name, where the server has more than one
    #[arg(long, value_name = "NAME", requires = "suggest")]
    pub(super) model: Option<String>,
    /// About how many sentences to ask at most
    #[arg(long, value_name = "N", requires = "suggest", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(super) suggest_sentences: u16,
    /// How long to wait for an answer
    #[arg(long, value_name = "SECONDS", requires = "suggest", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(super) suggest_timeout: u64,
    /// Read the server's key from the first line of a file
    #[arg(long, value_name = "FILE", requires = "suggest", conflicts_with = "key_env")]
    pub(super) key_file: Option<PathBuf>,
    /// Read the server's key from an environment variable
    #[arg(long, value_name = "VAR", requires = "suggest")]
    pub(super) key_env: Option<String>,
    /// Allow http:// to another machine, which sends the text unencrypted
    #[arg(long, requires = "suggest")]
    pub(super) allow_http: bool,
    /// Send the sentences without asking
    #[arg(long, short, requires = "suggest")]
    pub(super) yes: bool,
}

#[derive(Debug, Args)]
pub(super) struct ReviewArgs {
    /// The plan, as `dyetrace plan ITEM -o PLAN.toml` writes it
    #[arg(value_name = "PLAN.toml")]
    pub(super) plan: PathBuf,
    /// The item [default: the file the plan names, beside it or here]
    #[arg(long, value_name = "FILE")]
    pub(super) item: Option<PathBuf>,
    /// Show every site, those that are decided as well
    #[arg(long)]
    pub(super) all: bool,
    /// Only sites of these tiers: strict, normal, bold
    #[arg(long, value_name = "TIER,..", value_delimiter = ',', hide_possible_values = true)]
    pub(super) tier: Vec<TierArg>,
    /// Only sites of these classes
    #[arg(long, value_name = "CLASS,..", value_delimiter = ',')]
    pub(super) class: Vec<String>,
    /// Only sites of these channels: authored, style, wording, invisible
    #[arg(long, value_name = "CHANNEL,..", value_delimiter = ',', value_parser = channel)]
    pub(super) channel: Vec<Channel>,
}

fn channel(name: &str) -> Result<Channel, String> {
    let known = || Channel::ALL.map(Channel::name).join(", ");
    Channel::ALL
        .into_iter()
        .find(|channel| channel.name() == name)
        .ok_or_else(|| format!("the channels are {}", known()))
}

#[derive(Debug, Args)]
#[command(override_usage = ISSUE_USAGE)]
pub(super) struct IssueArgs {
    /// The item: text, Markdown, DOCX, PPTX, ODT or ODP
    #[arg(value_name = "ITEM")]
    pub(super) item: PathBuf,
    #[command(flatten)]
    pub(super) to: ToArgs,
    /// The folder for the copies and their records
    #[arg(long, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// A reviewed plan
    #[arg(long, value_name = "PLAN.toml")]
    pub(super) plan: Option<PathBuf>,
    #[command(flatten)]
    pub(super) sites: SiteArgs,
    /// Prepare for this many recipients merging their copies
    #[arg(long, value_name = "C", default_value_t = 2)]
    pub(super) coalition: u32,
    /// Do not ask before writing
    #[arg(long, short)]
    pub(super) yes: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) handling: HandlingArgs,
}

#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub(super) struct ToArgs {
    /// Recipients by name, separated by commas
    #[arg(long, value_name = "NAME,..", value_delimiter = ',')]
    pub(super) to: Vec<String>,
    /// The recipients of a CSV file, added to the registry where they are new
    #[arg(long, value_name = "FILE.csv")]
    pub(super) to_file: Option<PathBuf>,
    /// Every recipient of the registry
    #[arg(long)]
    pub(super) to_all: bool,
}

/// What recipients may do with their copies; signed into every record.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Handling terms, signed into every record")]
pub(super) struct HandlingArgs {
    /// Terms from a TOML or JSON file
    #[arg(long, value_name = "FILE")]
    pub(super) handling: Option<PathBuf>,
    /// Traffic light protocol 2.0: clear, green, amber, amber+strict or red
    #[arg(long, value_name = "LABEL")]
    pub(super) tlp: Option<String>,
    /// No onward sharing without the originator's consent
    #[arg(long)]
    pub(super) no_onward: bool,
    /// Whom it may be released to
    #[arg(long, value_name = "NAME,..", value_delimiter = ',')]
    pub(super) release_to: Vec<String>,
    /// When the terms lapse, as 2026-11-23T06:42:20Z
    #[arg(long, value_name = "TIME")]
    pub(super) expires: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct TraceArgs {
    /// What leaked: text, PDF, pictures of text, OCR output; `-` is standard input
    #[arg(value_name = "LEAK", required = true)]
    pub(super) leaks: Vec<PathBuf>,
    /// Look in this item only
    #[arg(long, value_name = "ID")]
    pub(super) item: Option<String>,
    /// The largest acceptable chance of accusing any innocent copy
    #[arg(long, value_name = "A", default_value = "1e-6")]
    pub(super) alpha: f64,
    /// Write a report for people: one HTML page
    #[arg(long, value_name = "OUT.html")]
    pub(super) report: Option<PathBuf>,
    /// Replace an existing report
    #[arg(long, short)]
    pub(super) force: bool,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Copies or their signed records
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// The issuer's public key [default: the registry's]
    #[arg(long, value_name = "ISSUER.pub")]
    pub(super) key: Option<PathBuf>,
    /// The signed record of the one FILE [default: FILE.dsse.json]
    #[arg(long, value_name = "RECORD")]
    pub(super) record: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct InspectArgs {
    /// A key, plan, signed record, registry folder, or anything
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// The folder to make [default: ./dyetrace-demo]
    #[arg(value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
}
