//! The module from a proxy of files, in a fresh module of a machine that has no other module: no
//! network, nothing downloaded before, and the library as the package for C brings it.

use std::path::Path;
use std::process::Command;

use super::{empty, first_program};
use crate::checks::{Checks, ensure};
use crate::go::{MODULE, Tools, find};
use crate::package::{Scratch, read, write};
use crate::page;
use crate::shell::{Workspace, quietly};
use crate::totals::Totals;

/// Installs the module and runs the first program of the page, with each way to link the library.
pub(super) fn check(
    checks: &mut Checks,
    workspace: &Workspace,
    proxy: &Path,
    prefix: Option<&Path>,
    scratch: &Scratch,
) {
    let tools = match (find(workspace), prefix) {
        (Ok(go), Some(prefix)) => Tools::new(workspace, go, prefix.to_path_buf()),
        (Err(reason), _) => return skip(checks, &reason),
        (_, None) => return skip(checks, "it needs the package for C, which is not there"),
    };
    let Some(tools) = checks.take("Go: finds the header", tools) else { return };
    let site = Site { workspace, proxy, scratch, tools };
    for (name, tags) in [("shared", ""), ("static", "spatio_static")] {
        let ran = site.first_program(name, tags);
        checks.take(&format!("Go: the module in an empty one, {name} library"), ran);
    }
}

fn skip(checks: &mut Checks, reason: &str) {
    println!("skipped the module for Go: {reason}");
    checks.count(Totals::skip(), Vec::new());
}

struct Site<'a> {
    workspace: &'a Workspace,
    proxy: &'a Path,
    scratch: &'a Scratch,
    tools: Tools<'a>,
}

impl Site<'_> {
    fn first_program(&self, name: &str, tags: &str) -> Result<(), String> {
        let readme = format!("{MODULE}/README.md");
        let program = first_program(self.workspace, &readme, "go")?;
        let get = read(&self.workspace.root.join(readme)).and_then(|page| get(&page))?;
        let folder = empty(self.scratch, &format!("go-{name}"))?;
        write(&folder.join("main.go"), &program.code)?;
        quietly(&mut self.go(&folder, &get, &["mod", "init", "example.org/first"]))?;
        quietly(&mut self.go(&folder, &get, &["get", &get]))?;
        let mut list = self.go(&folder, &get, &["list", "-m", "-f", "{{.Version}}", &get]);
        let version = quietly(&mut list)?;
        ensure(version.trim() == concat!("v", env!("CARGO_PKG_VERSION")), || {
            format!("go get took version {version}")
        })?;
        let mut run = self.go(&folder, &get, &["run", "-tags", tags, "."]);
        if !tags.is_empty() {
            // What is linked in needs no library beside it.
            run.env_remove("LD_LIBRARY_PATH");
        }
        program.has_printed(&quietly(&mut run)?)
    }

    /// Go as it is on a machine where nobody used it yet. What it compiled of itself it may know.
    fn go(&self, folder: &Path, module: &str, arguments: &[&str]) -> Command {
        let mut go = self.tools.go(folder, arguments);
        go.env("GOPATH", folder.join("path")).env("GOMODCACHE", folder.join("modules"));
        go.env("GOPROXY", format!("file://{}", self.proxy.display()));
        // The sums of modules that are published are asked for over the network.
        go.env("GONOSUMDB", module).env("GOPRIVATE", "").env("GONOPROXY", "");
        go.env("GOENV", "off").env("GOTOOLCHAIN", "local").env("GOWORK", "off");
        // What it unpacks can be removed again.
        go.env("GOFLAGS", "-modcacherw");
        go
    }
}

/// What the page says to `go get`.
fn get(page: &str) -> Result<String, String> {
    let (shell, _) = page::block(page, "sh")?;
    let path = shell.lines().find_map(|line| line.strip_prefix("go get "));
    path.map(str::to_owned).ok_or_else(|| "the page does not begin with go get".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_get_is_read_from_the_first_block_for_a_shell() {
        let page = "# A\n```sh\ngo get example.org/a\n```\n```sh\ngo get example.org/b\n```\n";
        assert_eq!(get(page), Ok("example.org/a".to_owned()));
        assert!(get("```sh\nls\n```\n").is_err());
    }
}
