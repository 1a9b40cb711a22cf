//! Where the lines of a scan go, as soon as a host is done.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, IsTerminal as _, Write};

use anyhow::Context as _;

use super::line::{HEADINGS, ScanLine};
use crate::answer::layout;
use crate::cli::{Format, OutputArguments};
use crate::failure::Failure;
use crate::report::page::Layout;
use crate::report::{junit, sarif};

/// Where lines go.
pub struct Sink {
    to: To,
    form: Form,
    layout: Layout,
    /// What is not written yet.
    held: Vec<u8>,
    /// Lines for people stand on stdout too, behind the hosts.
    beside: bool,
    /// Troubles whose verdict stands above.
    told: BTreeSet<String>,
}

enum To {
    Stdout,
    File(File, String),
    /// Whoever read has read enough.
    Nobody,
}

enum Form {
    Text,
    Jsonl,
    Csv,
    Sarif(sarif::Stream),
    Junit(Vec<junit::Case>),
}

impl Sink {
    /// Opens it before the work. A scan that goes on appends to its file.
    pub fn open(output: &OutputArguments, format: Format, resumes: bool) -> Result<Self, Failure> {
        let form = match format {
            Format::Text => Form::Text,
            Format::Jsonl => Form::Jsonl,
            Format::Csv => Form::Csv,
            Format::Sarif => Form::Sarif(sarif::Stream::default()),
            Format::Junit => Form::Junit(Vec::new()),
            Format::Json | Format::Markdown | Format::Html => {
                return Err(Failure::usage(
                    "a scan is written as text, jsonl, csv, sarif or junit; a program reads jsonl line by line",
                ));
            }
        };
        if resumes && !super::streams(format) {
            return Err(Failure::usage(
                "a scan that goes on is written as text, jsonl or csv: sarif and junit are one document from the first host to the last",
            ));
        }
        let mut continued = false;
        let to = match &output.output {
            None => To::Stdout,
            Some(path) => {
                crate::answer::prepare(output)?;
                continued = resumes && path.metadata().is_ok_and(|file| file.len() > 0);
                let mut options = File::options();
                options.create(true);
                if resumes {
                    options.append(true);
                } else {
                    options.write(true).truncate(true);
                }
                let shown = path.display().to_string();
                let file = options
                    .open(path)
                    .with_context(|| format!("cannot write {shown}"))?;
                To::File(file, shown)
            }
        };
        let mut sink = Self {
            beside: matches!(form, Form::Text) && output.output.is_none(),
            to,
            form,
            layout: layout(output),
            held: Vec::new(),
            told: BTreeSet::new(),
        };
        match &mut sink.form {
            Form::Csv if !continued => sink.held.extend_from_slice(HEADINGS.as_bytes()),
            Form::Sarif(stream) => stream.begin(&mut sink.held),
            _ => {}
        }
        Ok(sink)
    }

    /// Writes a host.
    pub fn put(&mut self, line: &ScanLine) -> anyhow::Result<()> {
        match &mut self.form {
            Form::Text => line.text(&mut self.held, &self.layout, &mut self.told),
            Form::Jsonl => line
                .json(&mut self.held)
                .context("cannot write a line of JSON")?,
            Form::Csv => line.csv(&mut self.held),
            Form::Sarif(stream) => stream
                .put(&sarif::Subject::of_line(line), &mut self.held)
                .context("cannot write a result as JSON")?,
            Form::Junit(cases) => cases.push(junit::Case::of_line(line)),
        }
        Ok(())
    }

    /// Hands on what was written; `false` when nobody reads any more.
    pub fn flush(&mut self) -> anyhow::Result<bool> {
        if self.held.is_empty() {
            return Ok(!matches!(self.to, To::Nobody));
        }
        let held = std::mem::take(&mut self.held);
        let written = match &mut self.to {
            To::Nobody => return Ok(false),
            To::Stdout => {
                let mut out = anstream::AutoStream::always(std::io::stdout().lock());
                out.write_all(&held).and_then(|()| out.flush())
            }
            To::File(file, _) => file.write_all(&held),
        };
        match written {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.to = To::Nobody;
                Ok(false)
            }
            Err(error) => {
                let to = match &self.to {
                    To::File(_, path) => path.as_str(),
                    _ => "stdout",
                };
                Err(error).with_context(|| format!("cannot write to {to}"))
            }
        }
    }

    /// Writes what comes behind the last host.
    pub fn end(&mut self) -> anyhow::Result<()> {
        match &mut self.form {
            Form::Sarif(stream) => stream
                .end(&mut self.held)
                .context("cannot write the rules as JSON")?,
            Form::Junit(cases) => {
                let document = junit::document("rdpdoctor scan", cases);
                self.held.extend_from_slice(document.as_bytes());
            }
            _ => {}
        }
        self.flush().map(|_| ())
    }

    /// Writes the closing table: behind the lines when those are for people, and else beside them.
    pub fn closing(&mut self, table: &str) -> anyhow::Result<()> {
        let table = match self.layout.letters {
            crate::report::page::Letters::Unicode => table.to_owned(),
            crate::report::page::Letters::Ascii => crate::report::wrap::ascii(table),
        };
        if self.beside {
            self.held.extend_from_slice(b"\n");
            self.held.extend_from_slice(table.as_bytes());
            return self.flush().map(|_| ());
        }
        // Programs that read stdout often want stderr empty unless something is wrong.
        if std::io::stderr().is_terminal() {
            self.aside(&table);
        }
        Ok(())
    }

    /// Says something to the person beside the answer.
    #[expect(
        clippy::unused_self,
        reason = "what is said beside the lines is said by whoever writes them"
    )]
    pub fn aside(&self, text: &str) {
        // Without stderr there is nobody to tell.
        let _ = writeln!(anstream::stderr(), "{text}");
    }
}
