//! The Python package `policy-wasm/python`: its wheel, and an environment of its own in which that is tested.
//!
//! Tools and dependencies are downloaded once, at pinned versions, to `target/tools/python`; everything else takes them
//! from there. What is tested is the wheel, never the folder with the sources.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::{self, Program};
use crate::{Outcome, command, example, folders, modules, workspace};

/// The package's folder in the workspace.
const PACKAGE: &str = "policy-wasm/python";
/// The estate that tests decide by.
const ESTATE: &str = "fixtures/estates/acme/policy";
/// The least version of Python that the package supports.
const LEAST: &str = "import sys; sys.exit(sys.version_info < (3, 10))";
/// The names of an interpreter, in the order in which they are tried.
const INTERPRETERS: [&str; 2] = ["python3", "python"];

/// An interpreter that has the package, the tools to test it, and nothing else.
pub(crate) struct Environment {
    /// The package's folder.
    package: PathBuf,
    /// Where the environment and all that is made for it lies.
    folder: PathBuf,
    interpreter: PathBuf,
    /// The packed package.
    pub(crate) wheel: PathBuf,
}

/// An interpreter that the package supports, if this machine has one.
pub(crate) fn interpreter() -> Option<&'static str> {
    let fits = |name: &&str| Command::new(name).args(["-c", LEAST]).status().is_ok_and(|status| status.success());
    INTERPRETERS.into_iter().find(fits)
}

impl Environment {
    /// Builds the modules and the wheel, and installs it into a fresh environment.
    pub(crate) fn fresh(interpreter: &str) -> Outcome<Self> {
        let root = workspace::root()?;
        let folder = root.join("target/python");
        let package = root.join(PACKAGE);
        let tools = downloaded(interpreter, &package.join("requirements.txt"))?;
        let environment = folder.join("environment");
        command::run(command::program(interpreter, ["-m", "venv", "--clear"])?.arg(&environment))?;
        let scripts = if cfg!(windows) { "Scripts" } else { "bin" };
        let interpreter = environment.join(scripts).join("python").with_extension(std::env::consts::EXE_EXTENSION);
        let mut fresh = Self { package, folder, interpreter, wheel: PathBuf::new() };
        let requirements = fresh.package.join("requirements.txt");
        command::run(fresh.pip("install", &tools)?.arg("--requirement").arg(requirements))?;
        fresh.wheel = fresh.packed(&tools)?;
        command::run(fresh.pip("install", &tools)?.arg(&fresh.wheel))?;
        Ok(fresh)
    }

    /// What checks the sources and runs the tests, and the example of the project's README.
    pub(crate) fn test(&self) -> Outcome {
        example::check("python", &self.folder.join("readme.py"), || self.python([]))?;
        let mut tests = self.python(["-m", "pytest", "--quiet", "-p", "no:cacheprovider"])?;
        command::run(tests.env("PORTCULLIS_POLICIES", self.policies()?))?;
        let mut types = self.python(["-m", "mypy", "--strict", "src", "tests", "bench.py", "--cache-dir"])?;
        command::run(types.arg(self.folder.join("mypy")))
    }

    /// Measures.
    pub(crate) fn bench(&self) -> Outcome {
        command::run(self.python(["bench.py"])?.arg(self.policies()?.join("acme.wasm")))
    }

    /// How the tests of the corpus run the package: a line of `PORTCULLIS_HOSTS`.
    pub(crate) fn host(&self) -> Outcome<String> {
        let program = self.package.join("tests/corpus.py");
        let text =
            |path: &Path| path.to_str().map(str::to_owned).ok_or("the workspace lies at a path that is not UTF-8");
        Ok(["python", &text(&self.interpreter)?, &text(&program)?].join("\t"))
    }

    /// The package's folder with what lies elsewhere in the workspace, as a wheel.
    fn packed(&self, tools: &Path) -> Outcome<PathBuf> {
        let modules = modules::written()?;
        let sources = self.folder.join("sources");
        folders::empty(&sources)?;
        for file in ["pyproject.toml", "README.md"] {
            std::fs::copy(self.package.join(file), sources.join(file))?;
        }
        std::fs::copy(workspace::root()?.join("LICENSE"), sources.join("LICENSE"))?;
        for module in ["decider.wasm", "feedback.wasm"] {
            std::fs::copy(modules.join(module), sources.join(module))?;
        }
        folders::copy(&self.package.join("src"), &sources.join("src"))?;
        let wheels = self.folder.join("wheels");
        folders::empty(&wheels)?;
        let mut build = self.pip("wheel", tools)?;
        command::run(build.args(["--no-deps", "--no-build-isolation", "--wheel-dir"]).arg(&wheels).arg(&sources))?;
        let wheel = wheels.read_dir()?.next().ok_or("no wheel was built")??;
        Ok(wheel.path())
    }

    /// The folder with the sample estate, compiled: `acme.bundle` and `acme.wasm`.
    fn policies(&self) -> Outcome<PathBuf> {
        let portcullis = build::program(&Program::Portcullis)?;
        let folder = self.folder.join("policies");
        folders::empty(&folder)?;
        for format in ["bundle", "wasm"] {
            let file = folder.join("acme").with_extension(format);
            let mut compile = command::program(&portcullis, ["compile", ESTATE, "--format", format, "--output"])?;
            if !command::output(compile.arg(file))?.0 {
                return Err(format!("`{}` failed", command::shown(&compile)).into());
            }
        }
        Ok(folder)
    }

    /// `pip` of the environment, with nothing but what was downloaded.
    fn pip(&self, task: &str, tools: &Path) -> Outcome<Command> {
        let mut pip = self.python(["-m", "pip", "--quiet", "--disable-pip-version-check", task, "--no-index"])?;
        pip.arg("--find-links").arg(tools);
        Ok(pip)
    }

    fn python<const N: usize>(&self, arguments: [&str; N]) -> Outcome<Command> {
        let mut python = command::program(&self.interpreter, arguments)?;
        // Nothing is written beside the sources.
        python.current_dir(&self.package).env("PYTHONDONTWRITEBYTECODE", "1").env_remove("PYTHONPATH");
        Ok(python)
    }
}

/// The folder with the wheels that `requirements` names, downloaded unless they are there.
fn downloaded(interpreter: &str, requirements: &Path) -> Outcome<PathBuf> {
    let folder = workspace::tools()?.join("python");
    let (_, version) = command::output(&mut command::program(interpreter, ["--version"])?)?;
    // Wheels fit one version of Python.
    let wanted = format!("{version}{}", std::fs::read_to_string(requirements)?);
    let mark = folder.join("requirements.txt");
    if std::fs::read_to_string(&mark).is_ok_and(|there| there == wanted) {
        return Ok(folder);
    }
    eprintln!("downloading what tests the Python package into target/tools");
    folders::empty(&folder)?;
    let download = ["-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--only-binary", ":all:"];
    let mut pip = command::program(interpreter, download)?;
    command::run(pip.arg("--dest").arg(&folder).arg("--requirement").arg(requirements))?;
    std::fs::write(&mark, wanted)?;
    Ok(folder)
}
