//! The JavaScript package `policy-wasm/javascript`: packed, and installed into a project of its own, in which it is tested.
//! What is tested is the packed package, never the folder with the sources.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use crate::build::{self, Program};
use crate::needs::runs;
use crate::{Outcome, command, example, folders, modules, workspace};

/// The package's folder in the workspace.
const PACKAGE: &str = "policy-wasm/javascript";
/// Ends with code 0 where the package supports this Node.
const SUPPORTED: &str = "process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)";
/// The estate that tests decide by, and the CI jobs that they ask for.
const ESTATE: &str = "fixtures/estates/acme/policy";
const JOBS: &str = "fixtures/ci";
/// What must never come back.
const SECRETS: &str = "fixtures/secrets";
/// The names of a browser that the tests know, in the order in which they are tried.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Whether this machine has a Node that the package supports, and npm.
pub(crate) fn is_here() -> bool {
    runs("node", &["--eval", SUPPORTED]) && runs("npm", &["--version"])
}

/// The browser that is there.
pub(crate) fn found_browser() -> Option<&'static str> {
    BROWSERS.into_iter().find(|name| runs(name, &["--version"]))
}

/// Whether Debian's browser can be installed.
pub(crate) fn can_install_a_browser() -> bool {
    let is_root = command::output(Command::new("id").arg("-u")).is_ok_and(|(_, user)| user.trim() == "0");
    is_root && runs("apt-get", &["--version"])
}

/// A browser: one that is there, or Debian's, installed now where that is possible.
pub(crate) fn browser() -> Outcome<Option<&'static str>> {
    if let Some(browser) = found_browser() {
        return Ok(Some(browser));
    }
    if !can_install_a_browser() {
        return Ok(None);
    }
    eprintln!("installing chromium");
    for task in
        [["update", "--quiet"].as_slice(), &["install", "--quiet", "--yes", "--no-install-recommends", "chromium"]]
    {
        command::run(command::program("apt-get", task)?.env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(found_browser())
}

/// Packs the package into an empty folder, and says where it is.
pub(crate) fn packed(folder: &Path) -> Outcome<PathBuf> {
    modules::written()?;
    command::run(npm(&workspace::root()?.join(PACKAGE), &["pack", "--pack-destination"])?.arg(folder))?;
    Ok(folder.read_dir()?.next().ok_or("npm packed nothing")??.path())
}

/// A project that has the packed package, its tests, and what they need.
#[derive(Clone)]
pub(crate) struct Project {
    folder: PathBuf,
}

impl Project {
    /// The one of this run: packed and installed by whoever asks first.
    pub(crate) fn of_this_run() -> Outcome<Self> {
        static MADE: OnceLock<Project> = OnceLock::new();
        if let Some(project) = MADE.get() {
            return Ok(project.clone());
        }
        let project = Self::fresh()?;
        Ok(MADE.get_or_init(|| project).clone())
    }

    fn fresh() -> Outcome<Self> {
        let root = workspace::root()?;
        let made = root.join("target/javascript");
        folders::empty(&made)?;
        let packed = packed(&made)?;

        let project = Self { folder: made.join("project") };
        folders::copy(&root.join(PACKAGE).join("test"), &project.folder)?;
        command::run(&mut npm(&project.folder, &["ci", "--prefer-offline", "--ignore-scripts"])?)?;
        // Offline: a dependency would fail here.
        let install = ["install", "--no-save", "--offline", "--ignore-scripts"];
        command::run(npm(&project.folder, &install)?.arg(&packed))?;
        project.add_estate(&root.join(ESTATE))?;
        folders::copy(&root.join(JOBS), &project.folder.join("ci"))?;
        folders::copy(&root.join(SECRETS), &project.folder.join("secrets"))?;
        Ok(project)
    }

    /// The sample estate as its text, as a bundle and as a module.
    fn add_estate(&self, policy: &Path) -> Outcome {
        folders::copy(policy, &self.folder.join("acme"))?;
        let program = build::program(&Program::Portcullis)?;
        for (format, file) in [("bundle", "acme.bundle"), ("wasm", "acme.wasm")] {
            let mut compile = command::program(&program, ["compile", "--format", format, "--output"])?;
            let (compiled, _) = command::output(compile.arg(self.folder.join(file)).arg(policy))?;
            if !compiled {
                return Err(format!("the sample estate does not compile to `{file}`").into());
            }
        }
        Ok(())
    }

    /// Runs the tests, the examples of both READMEs among them, and checks the types of a typed host.
    pub(crate) fn test(&self) -> Outcome {
        example::check("js", &self.folder.join("readme.mjs"), || self.node(&[]))?;
        command::run(&mut self.node(&["--test"])?)?;
        for project in ["tsconfig.json", "tsconfig.platform.json"] {
            command::run(&mut self.node(&["node_modules/typescript/bin/tsc", "--project", project])?)?;
        }
        Ok(())
    }

    /// Measures.
    pub(crate) fn bench(&self) -> Outcome {
        command::run(&mut self.node(&["bench.mjs"])?)
    }

    /// How the tests of the corpus run the package in Node: a line of `PORTCULLIS_HOSTS`.
    pub(crate) fn host(&self) -> Outcome<String> {
        Ok(["node", "node", &self.path_of("corpus.mjs")?].join("\t"))
    }

    /// Opens a page that decides, for as long as what is returned lives.
    pub(crate) fn page(&self, browser: &str) -> Outcome<Page> {
        let mut server = self.node(&["browser-server.mjs", browser])?;
        let mut server = server.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut address = String::new();
        if let Some(stdout) = server.stdout.take() {
            BufReader::new(stdout).read_line(&mut address)?;
        }
        let host = ["browser", "node", &self.path_of("browser-ask.mjs")?, address.trim()].join("\t");
        Ok(Page { server, host })
    }

    fn node(&self, arguments: &[&str]) -> Outcome<Command> {
        let mut node = command::program("node", arguments)?;
        node.current_dir(&self.folder);
        Ok(node)
    }

    fn path_of(&self, file: &str) -> Outcome<String> {
        let path = self.folder.join(file);
        Ok(path.to_str().ok_or("the workspace lies at a path that is not UTF-8")?.to_owned())
    }
}

/// A page in a browser, and the server that opened it.
pub(crate) struct Page {
    server: Child,
    /// How the tests of the corpus ask it: a line of `PORTCULLIS_HOSTS`.
    pub(crate) host: String,
}

impl Drop for Page {
    fn drop(&mut self) {
        // The server closes the browser once its input ends.
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}

fn npm(folder: &Path, arguments: &[&str]) -> Outcome<Command> {
    let mut npm = command::program("npm", ["--silent", "--no-audit", "--no-fund", "--no-update-notifier"])?;
    npm.args(arguments).current_dir(folder).stdout(Stdio::null());
    Ok(npm)
}
