//! The jar on an otherwise empty class path, and the AAR as far as it can be tried without Android:
//! what it holds, and that the first program compiles against its classes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{empty, first_program};
use crate::checks::{Checks, ensure};
use crate::package::{Scratch, read, write};
use crate::page::Program;
use crate::shell::{Workspace, quietly};
use crate::totals::Totals;

const PAGE: &str = "bindings/java/README.md";

/// What a build of Android looks for in an AAR, and what tools that shrink a program do.
const PARTS: [&str; 4] = ["AndroidManifest.xml", "classes.jar", "R.txt", "proguard.txt"];

/// Tries both.
pub(super) fn check(
    checks: &mut Checks,
    workspace: &Workspace,
    files: &[PathBuf],
    scratch: &Scratch,
) {
    let page = first_program(workspace, PAGE, "java");
    let Some(program) = checks.take("Java has a first program", page) else { return };
    let [jar, aar] = files else { return };
    let site = Site { workspace, scratch, program };
    checks.take("Java: the jar alone on the class path", site.jar(jar));
    let Some(entries) = checks.take("Java: lists the AAR", site.entries(aar)) else { return };
    checks.take("Java: the AAR holds what Android looks for", complete(&entries));
    checks.take("Java: the classes of the AAR", site.aar(aar));
    if !entries.iter().any(|entry| entry.starts_with("jni/") && entry.ends_with(".so")) {
        println!("skipped the native libraries of the AAR: no Android NDK has made any");
        checks.count(Totals::skip(), Vec::new());
    }
}

struct Site<'a> {
    workspace: &'a Workspace,
    scratch: &'a Scratch,
    program: Program,
}

impl Site<'_> {
    fn jar(&self, jar: &Path) -> Result<(), String> {
        let folder = empty(self.scratch, "jar")?;
        let class = self.compile(&folder, jar)?;
        let mut java = self.workspace.command("java");
        java.current_dir(&folder).env_remove("CLASSPATH");
        // The numbers of the page have a point; and the native library is unpacked in here.
        java.env("LC_ALL", "C").arg(format!("-Djava.io.tmpdir={}", folder.display()));
        java.arg("-cp").arg(format!("{}:.", jar.display())).arg(class);
        self.program.has_printed(&quietly(&mut java)?)
    }

    /// Looks into the archive as far as plain Java can.
    fn aar(&self, aar: &Path) -> Result<(), String> {
        let folder = empty(self.scratch, "aar")?;
        let mut extract = self.workspace.command("jar");
        quietly(extract.current_dir(&folder).arg("xf").arg(aar))?;
        let manifest = read(&folder.join("AndroidManifest.xml"))?;
        for part in ["package=\"org.libspatio\"", "android:minSdkVersion=\"24\""] {
            ensure(manifest.contains(part), || format!("the manifest lacks {part}:\n{manifest}"))?;
        }
        let classes = folder.join("classes.jar");
        let strange: Vec<String> =
            self.entries(&classes)?.into_iter().filter(|entry| !is_class(entry)).collect();
        ensure(strange.is_empty(), || format!("classes.jar holds {}", strange.join(", ")))?;
        self.compile(&folder, &classes).map(drop)
    }

    /// Compiles the program against an archive of classes; its class.
    fn compile(&self, folder: &Path, classes: &Path) -> Result<String, String> {
        let class = class(&self.program.code).ok_or("the program has no public class")?;
        let source = folder.join(format!("{class}.java"));
        write(&source, &self.program.code)?;
        let mut compile = self.workspace.command("javac");
        compile.current_dir(folder).env_remove("CLASSPATH");
        compile.args(["-Xlint:all", "-Werror", "-cp"]).arg(classes);
        quietly(compile.arg("-d").arg(folder).arg(source))?;
        Ok(class.to_owned())
    }

    fn entries(&self, archive: &Path) -> Result<BTreeSet<String>, String> {
        let text = quietly(self.workspace.command("jar").arg("tf").arg(archive))?;
        Ok(text.lines().map(str::to_owned).collect())
    }
}

/// The name of the public class.
fn class(code: &str) -> Option<&str> {
    let line = code.lines().find_map(|line| line.strip_prefix("public class "))?;
    line.split_whitespace().next()
}

/// Whether an entry is one of our classes, a folder on the way to them, or what every jar has.
fn is_class(entry: &str) -> bool {
    let is_ours = entry.starts_with("org/libspatio/") && entry.ends_with(".class");
    is_ours || entry.ends_with('/') || entry == "META-INF/MANIFEST.MF"
}

/// Whether an AAR has all of its parts, and no library but ours, each below an ABI of Android.
fn complete(entries: &BTreeSet<String>) -> Result<(), String> {
    let lost: Vec<&str> = PARTS.into_iter().filter(|part| !entries.contains(*part)).collect();
    ensure(lost.is_empty(), || format!("it lacks {}", lost.join(", ")))?;
    let mut libraries = entries.iter().filter(|entry| entry.ends_with(".so"));
    let strange = libraries.find(|entry| {
        let abi = entry.strip_prefix("jni/").and_then(|e| e.strip_suffix("/libspatio_jni.so"));
        !abi.is_some_and(|abi| ["arm64-v8a", "armeabi-v7a", "x86", "x86_64"].contains(&abi))
    });
    strange.map_or(Ok(()), |entry| Err(format!("Android does not look for {entry}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(names: &[&str]) -> BTreeSet<String> {
        PARTS.iter().chain(names).map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_class_gives_the_file_its_name() {
        assert_eq!(class("import a;\n\npublic class First {\n}\n"), Some("First"));
        assert_eq!(class("class First {}\n"), None);
    }

    #[test]
    fn what_an_archive_for_android_lacks_is_named() {
        assert_eq!(complete(&entries(&[])), Ok(()));
        assert_eq!(complete(&entries(&["jni/", "jni/arm64-v8a/libspatio_jni.so"])), Ok(()));
        let mut without = entries(&[]);
        without.remove("R.txt");
        assert_eq!(complete(&without), Err("it lacks R.txt".to_owned()));
    }

    #[test]
    fn libraries_where_android_does_not_look_are_named() {
        for entry in ["native/linux-x86_64/libspatio_jni.so", "jni/sparc/libspatio_jni.so"] {
            let said = complete(&entries(&[entry])).unwrap_err();
            assert!(said.contains(entry), "{said}");
        }
    }

    #[test]
    fn what_is_no_class_of_ours_is_told_apart() {
        for entry in ["org/", "org/libspatio/A.class", "META-INF/MANIFEST.MF"] {
            assert!(is_class(entry), "{entry}");
        }
        for entry in ["com/other/A.class", "native/linux-x86_64/libspatio_jni.so"] {
            assert!(!is_class(entry), "{entry}");
        }
    }
}
