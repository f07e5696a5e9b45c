//! The functions of the WebAssembly module: JSON in, JSON out. `docs/ci-feedback.md` describes both.
//!
//! What comes in is read strictly: unknown fields, fields that repeat, wrong types and what is over a limit are answered
//! with a problem. What comes out is one line of JSON.

use std::collections::BTreeMap;

use policy_core::invocation::RawInvocation;
use policy_core::json::{ArrayWriter, Json, Limits, ObjectWriter, read};

use crate::asked::{Asked, CallerKind, invocation};
use crate::fields::{Fields, Read, boolean, list, text, texts, word};
use crate::human::Colors;
use crate::input::{Environment, Input, Options, Secret, SubjectFormat};
use crate::limits::{INPUT_BYTES, INPUT_NESTING, NOTES};
use crate::problem::{Kind, Note, Problem};
use crate::report::{Report, Unmet, View, of_problems, report_text};
use crate::system::{System, needed_variables};

const OPTIONS: [&str; 15] = [
    "account",
    "path",
    "command",
    "arguments",
    "system",
    "repository",
    "ref",
    "commit",
    "principal",
    "token",
    "issuer",
    "claims",
    "claim",
    "environment",
    "subject",
];

/// The names of the variables to hand over, as a JSON list.
pub fn needed_variables_json() -> String {
    let mut out = String::new();
    let mut list = ArrayWriter::new(&mut out);
    needed_variables().into_iter().for_each(|name| list.text(name));
    list.finish();
    out
}

/// From `{"version": 1, "environment": {…}, "options": {…}, "event": "…"}` to `{"version": 1, "asked": {…}}`, or to
/// `{"version": 1, "problems": […], "report": {…}}`.
pub fn invocation_json(input: &[u8]) -> String {
    let (result, system) = match of_job(input) {
        Ok(input) => (invocation(&input), input.system()),
        Err(problem) => (Err(vec![problem]), None),
    };
    match result {
        Ok(asked) => answer("asked", |out| write_asked(out, &asked)),
        Err(problems) => refused(&problems, &of_problems(&problems, system, Colors::NONE)),
    }
}

/// From `{"version": 1, "decision": "…", "claims": "…", "asked": {…}}`, with the `asked` of [`invocation_json`] and the claims
/// that the rules look at as an engine writes them, to `{"version": 1, "report": {…}}`. Optional: `claims`, `color`, `unmet`,
/// `prefix`.
pub fn report_json(input: &[u8]) -> String {
    match of_decision(input) {
        Ok((decision, claims, asked, view)) => {
            let report = report_text(&decision, claims.as_deref(), &asked, &view);
            answer("report", |out| write_report(out, &report))
        }
        Err(problem) => {
            let problems = [problem];
            refused(&problems, &of_problems(&problems, None, Colors::NONE))
        }
    }
}

fn input_problem(why: impl Into<String>) -> Problem {
    Problem::new(Kind::Input, why, "hand over what `docs/ci-feedback.md` describes")
}

fn object<'a>(input: &'a [u8], known: &[&str]) -> Read<Fields<'a>> {
    let limits = Limits { bytes: INPUT_BYTES, nesting: INPUT_NESTING };
    let json = read(input, limits).map_err(|error| format!("the input is no JSON: {error}"))?;
    let mut fields = Fields::read(json, "", known)?;
    fields.version()?;
    Ok(fields)
}

fn of_job(input: &[u8]) -> Result<Input, Problem> {
    let read = || {
        let mut fields = object(input, &["version", "environment", "options", "event"])?;
        let environment: BTreeMap<String, String> = fields.required("environment", texts)?.into_iter().collect();
        Ok(Input {
            environment: Environment::new(environment),
            options: fields.required("options", options)?,
            event: fields.optional("event", text)?,
        })
    };
    read().map_err(|why: String| input_problem(why))
}

fn options(json: Json<'_>, place: &str) -> Read<Options> {
    let mut fields = Fields::read(json, place, &OPTIONS)?;
    Ok(Options {
        account: fields.optional("account", text)?,
        path: fields.optional("path", text)?,
        command: fields.optional("command", text)?,
        arguments: fields.optional("arguments", |json, place| list(json, place, text))?.unwrap_or_default(),
        system: fields.optional("system", |json, place| word(json, place, System::parse))?,
        repository: fields.optional("repository", text)?,
        reference: fields.optional("ref", text)?,
        commit: fields.optional("commit", text)?,
        principal: fields.optional("principal", text)?,
        token: fields.optional("token", text)?.map(Secret::new),
        issuer: fields.optional("issuer", text)?,
        claims: fields.optional("claims", |json, _| {
            let mut out = String::new();
            json.write(&mut out);
            Ok(out)
        })?,
        claim: fields.optional("claim", |json, place| list(json, place, text))?.unwrap_or_default(),
        environment: fields.optional("environment", text)?,
        subject: fields.optional("subject", |json, place| word(json, place, SubjectFormat::parse))?,
    })
}

fn of_decision(input: &[u8]) -> Result<(String, Option<String>, Asked, View), Problem> {
    let read = || {
        let mut fields = object(input, &["version", "decision", "claims", "asked", "color", "unmet", "prefix"])?;
        let view = View {
            colors: Colors::new(fields.optional("color", boolean)?.unwrap_or_default()),
            unmet: fields.optional("unmet", |json, place| word(json, place, Unmet::parse))?.unwrap_or_default(),
            prefix: fields.optional("prefix", text)?.unwrap_or_default(),
        };
        let (decision, claims) = (fields.required("decision", text)?, fields.optional("claims", text)?);
        Ok((decision, claims, fields.required("asked", asked)?, view))
    };
    read().map_err(|why: String| input_problem(why))
}

/// What [`write_asked`] wrote.
fn asked(json: Json<'_>, place: &str) -> Read<Asked> {
    let mut fields = Fields::read(json, place, &["system", "invocation", "caller", "absent", "notes"])?;
    let kinds = CallerKind::ALL;
    let notes = fields.required("notes", |json, place| list(json, place, note))?;
    if notes.len() > NOTES {
        return Err(format!("there are more than {NOTES} notes"));
    }
    Ok(Asked {
        system: fields.required("system", |json, place| word(json, place, System::parse))?,
        invocation: fields.required("invocation", |json, place| {
            let text = text(json, place)?;
            RawInvocation::from_json(text.as_bytes())
                .map_err(|invalid| format!("`{place}` is none: {}", invalid.message))
        })?,
        caller: fields.required("caller", |json, place| {
            word(json, place, |text| kinds.into_iter().find(|kind| kind.as_str() == text))
        })?,
        absent: fields.required("absent", |json, place| list(json, place, text))?,
        notes,
    })
}

fn note(json: Json<'_>, place: &str) -> Read<Note> {
    let mut fields = Fields::read(json, place, &["field", "text", "warning"])?;
    Ok(Note {
        field: fields.required("field", text)?,
        text: fields.required("text", text)?,
        warning: fields.required("warning", boolean)?,
    })
}

/// `{"version": 1, NAME: …}`.
fn answer(name: &str, write: impl FnOnce(&mut String)) -> String {
    let mut out = String::new();
    let mut object = ObjectWriter::new(&mut out);
    object.number("version", 1);
    write(object.field(name));
    object.finish();
    out
}

fn refused(problems: &[Problem], report: &Report) -> String {
    let mut out = String::new();
    let mut object = ObjectWriter::new(&mut out);
    object.number("version", 1);
    let mut list = ArrayWriter::new(object.field("problems"));
    for problem in problems {
        let mut object = ObjectWriter::new(list.item());
        object.text("kind", problem.kind.as_str());
        object.text("message", &problem.message);
        object.text("help", &problem.help);
        object.finish();
    }
    list.finish();
    write_report(object.field("report"), report);
    object.finish();
    out
}

fn write_asked(out: &mut String, asked: &Asked) {
    let mut object = ObjectWriter::new(out);
    object.text("system", asked.system.as_str());
    object.text("invocation", &asked.invocation_json());
    object.text("caller", asked.caller.as_str());
    let mut absent = ArrayWriter::new(object.field("absent"));
    asked.absent.iter().for_each(|claim| absent.text(claim));
    absent.finish();
    let mut notes = ArrayWriter::new(object.field("notes"));
    for note in &asked.notes {
        let mut object = ObjectWriter::new(notes.item());
        object.text("field", &note.field);
        object.text("text", &note.text);
        object.boolean("warning", note.warning);
        object.finish();
    }
    notes.finish();
    object.finish();
}

fn write_report(out: &mut String, report: &Report) {
    let mut object = ObjectWriter::new(out);
    object.number("exit", u64::from(report.exit.code()));
    object.text("explanation", &report.explanation);
    object.text("doubt", &report.doubt);
    let mut annotations = ArrayWriter::new(object.field("annotations"));
    report.annotations.iter().for_each(|line| annotations.text(line));
    annotations.finish();
    let mut outputs = ObjectWriter::new(object.field("outputs"));
    report.outputs.iter().for_each(|(name, value)| outputs.text(name, value));
    outputs.finish();
    object.text("summary", &report.summary);
    let mut files = ObjectWriter::new(object.field("files"));
    report.files.iter().for_each(|file| files.text(file.variable, &file.text));
    files.finish();
    object.finish();
}
