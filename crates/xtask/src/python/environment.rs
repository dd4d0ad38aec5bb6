//! Virtual environments of Python: how one is made, what is put into it, and what runs in it.

use std::path::PathBuf;
use std::process::Command;

use super::PACKAGE;
use crate::package::{read, write};
use crate::setup;
use crate::shell::{Workspace, heard, quietly};

/// Python with what makes environments; Debian has the two apart.
pub(crate) fn has_python(workspace: &Workspace) -> Result<(), String> {
    let mut asked = workspace.command("python3");
    asked.args(["-c", "import ensurepip, venv, sys; assert sys.version_info >= (3, 10)"]);
    if quietly(&mut asked).is_ok() {
        return Ok(());
    }
    println!("setup: installing python3 python3-venv");
    setup::apt_get(workspace, &["python3", "python3-venv"])?;
    quietly(&mut asked).map(drop)
}

/// One environment, which may have to be made yet.
pub(crate) struct Environment<'a> {
    workspace: &'a Workspace,
    folder: PathBuf,
}

impl<'a> Environment<'a> {
    pub(crate) fn new(workspace: &'a Workspace, folder: PathBuf) -> Self {
        Environment { workspace, folder }
    }

    /// Makes it, with nothing but pip inside; what stood there is gone.
    pub(crate) fn make(&self) -> Result<(), String> {
        let mut command = self.workspace.command("python3");
        heard(command.args(["-m", "venv", "--clear"]).arg(&self.folder)).map(drop)
    }

    /// Its Python, in the folder of the package.
    pub(crate) fn python(&self) -> Command {
        let mut command = self.workspace.command(self.folder.join("bin/python"));
        command.current_dir(self.workspace.root.join(PACKAGE));
        // The tests are about what was installed.
        command.env_remove("SPATIO_LIBRARY").env_remove("PYTHONPATH");
        command
    }

    /// Its pip.
    pub(crate) fn pip(&self, arguments: &[&str]) -> Command {
        let mut command = self.python();
        command.args(["-m", "pip", "--disable-pip-version-check", "--quiet"]).args(arguments);
        command
    }

    /// Installs what `arguments` name.
    pub(crate) fn install(&self, arguments: &[&str]) -> Result<(), String> {
        heard(self.pip(&["install"]).args(arguments)).map(drop)
    }

    /// Whether it was finished for the Python and the project that are here.
    pub(crate) fn is_current(&self) -> Result<bool, String> {
        Ok(read(&self.mark()).unwrap_or_default() == self.wanted()?)
    }

    /// Notes that it is finished.
    pub(crate) fn finish(&self) -> Result<(), String> {
        write(&self.mark(), &self.wanted()?)
    }

    fn mark(&self) -> PathBuf {
        self.folder.join("made-for")
    }

    fn wanted(&self) -> Result<String, String> {
        let python = quietly(self.workspace.command("python3").arg("-VV"))?;
        let project = read(&self.workspace.root.join(PACKAGE).join("pyproject.toml"))?;
        Ok(python + &project)
    }
}

/// What builds the wheel; the types of its part in `bindings/python` need both too.
pub(super) const BUILDS_WITH: [&str; 2] = ["hatchling>=1.24", "cffi>=1.15"];

/// The environment that wheels are built in, made when Python or the project changed.
pub(super) fn builder(workspace: &Workspace) -> Result<Environment<'_>, String> {
    let builder = Environment::new(workspace, workspace.target.join("python/builder"));
    if !builder.is_current()? {
        builder.make()?;
        builder.install(&BUILDS_WITH)?;
        builder.finish()?;
    }
    Ok(builder)
}
