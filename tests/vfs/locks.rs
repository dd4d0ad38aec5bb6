//! Guards the lock: one holder at a time, in this process and in others, and none after death.

use crate::tempdir::TempDir;
use spatio::vfs::{FaultVfs, MemoryVfs, RealVfs, Vfs};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

const HELPER: &str = "SPATIO_TEST_LOCK";

fn is_held(vfs: &dyn Vfs, path: &Path) -> bool {
    match vfs.lock(path) {
        Ok(_) => false,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::WouldBlock);
            true
        }
    }
}

fn one_holder_at_a_time(vfs: &dyn Vfs, dir: &Path) {
    let path = dir.join("LOCK");
    assert!(vfs.lock(&dir.join("nowhere/LOCK")).is_err());
    for _ in 0..3 {
        let lock = vfs.lock(&path).unwrap();
        assert!(is_held(vfs, &path));
        assert!(is_held(vfs, &path), "a refused lock does not release the held one");
        assert!(!is_held(vfs, &dir.join("OTHER")), "another path is another lock");
        drop(lock);
        assert!(!is_held(vfs, &path));
    }
    assert_eq!(vfs.list(dir).unwrap(), ["LOCK", "OTHER"], "the files stay");
}

#[test]
fn one_process_locks_once() {
    let temporary = TempDir::new("lock");
    one_holder_at_a_time(&RealVfs, temporary.path());
    one_holder_at_a_time(&MemoryVfs::new(), Path::new(""));
    one_holder_at_a_time(&FaultVfs::new(1), Path::new(""));
}

#[test]
fn of_many_racing_threads_one_wins() {
    let temporary = TempDir::new("race");
    let path = temporary.path().join("LOCK");
    for _ in 0..20 {
        let (gate, finish) = (std::sync::Barrier::new(8), std::sync::Barrier::new(8));
        let winners: usize = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        gate.wait();
                        let lock = RealVfs.lock(&path);
                        finish.wait();
                        usize::from(lock.is_ok())
                    })
                })
                .collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).sum()
        });
        assert_eq!(winners, 1);
    }
}

/// Starts this test program again as a process that holds the lock until it is told to stop.
fn start_holder(path: &Path) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "locks::helper_that_holds_the_lock", "--nocapture"])
        .env(HELPER, path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let locked = out.by_ref().lines().any(|line| line.unwrap().ends_with("locked"));
    assert!(locked, "the helper got the lock");
    (child, out)
}

/// Not a test of its own: the other process of the tests below.
#[test]
fn helper_that_holds_the_lock() {
    let Some(path) = std::env::var_os(HELPER) else { return };
    let _lock = RealVfs.lock(Path::new(&path)).unwrap();
    let mut out = std::io::stdout();
    writeln!(out, "locked").unwrap();
    out.flush().unwrap();
    let _ = std::io::stdin().read_line(&mut String::new());
}

#[test]
fn another_process_holds_the_lock_until_it_ends() {
    let temporary = TempDir::new("other");
    let path = temporary.path().join("LOCK");
    let (mut child, _out) = start_holder(&path);
    assert!(is_held(&RealVfs, &path));
    drop(child.stdin.take());
    child.wait().unwrap();
    assert!(!is_held(&RealVfs, &path));
}

#[test]
fn a_killed_process_holds_nothing() {
    let temporary = TempDir::new("killed");
    let path = temporary.path().join("LOCK");
    let (mut child, _out) = start_holder(&path);
    assert!(is_held(&RealVfs, &path));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!is_held(&RealVfs, &path));
}

#[cfg(unix)]
#[test]
fn the_file_says_who_holds_it() {
    let temporary = TempDir::new("who");
    let path = temporary.path().join("LOCK");
    std::fs::write(
        &path,
        "pid 1 host of-a-longer-name-than-the-next-one-will-ever-have\n".repeat(9),
    )
    .unwrap();
    let _lock = RealVfs.lock(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with(&format!("pid {} host ", std::process::id())), "{text}");
    assert_eq!(text.lines().count(), 1);
}
