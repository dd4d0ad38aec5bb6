"""Exceptions: one root, each also of the built-in kind that a program would look for."""

from __future__ import annotations

import errno
import pickle
from pathlib import Path

import pytest

import spatio
from spatio import Database, Options, _native, errors


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (spatio.InvalidArgumentError, ValueError),
        (spatio.OutOfRangeError, ValueError),
        (spatio.AlreadyExistsError, ValueError),
        (spatio.NotFoundError, KeyError),
        (spatio.ClosedError, RuntimeError),
        (spatio.UnsupportedError, RuntimeError),
        (spatio.StorageError, OSError),
        (spatio.CorruptError, OSError),
        (spatio.InternalError, RuntimeError),
    ],
)
def test_the_tree(kind: type[spatio.SpatioError], builtin: type[Exception]) -> None:
    assert issubclass(kind, spatio.SpatioError)
    assert issubclass(kind, builtin)
    error = pickle.loads(pickle.dumps(kind("what", row=3)))
    assert (type(error), str(error), error.row) == (kind, "what", 3)


@pytest.mark.parametrize("kind", [*errors._CLASSES.values()])
def test_an_exception_knows_its_number(kind: type[spatio.SpatioError]) -> None:
    error = kind("what")
    assert errors._CLASSES[error.code] is kind
    assert spatio.status_name(error.code) == error.status


@pytest.mark.parametrize("code", [11, 64, 65, 66, 500, -3])
def test_a_code_that_nobody_knows_is_no_crash(code: int) -> None:
    error = _native.ffi.new("spatio_error *")
    error.code, error.row, error.message = code, 2**64 - 1, b"a bug\xff"
    with pytest.raises(spatio.InternalError, match="a bug") as told:
        errors.fail(code, error)
    assert (told.value.code, told.value.row, told.value.status) == (
        code,
        None,
        spatio.status_name(code),
    )


def test_locked(tmp_path: Path) -> None:
    with Database.open(tmp_path / "db"), pytest.raises(spatio.LockedError, match="db"):
        Database.open(tmp_path / "db")


def test_read_only(tmp_path: Path) -> None:
    Database.open(tmp_path / "db").close()
    with (
        Database.open(tmp_path / "db", Options(read_only=True)) as db,
        pytest.raises(spatio.ReadOnlyError, match="reading only"),
    ):
        db.create_namespace("a")


def test_the_number_of_the_operating_system(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(spatio.IoError) as refusal:
        Database.open(tmp_path / "file" / "db")
    assert refusal.value.errno == refusal.value.os_error
    assert refusal.value.errno in (errno.ENOTDIR, errno.EEXIST)


def test_paths_are_not_cut(tmp_path: Path) -> None:
    for call in (Database.open, spatio.check):
        with pytest.raises(spatio.InvalidArgumentError, match="NUL"):
            call(str(tmp_path / "a\0b"))
    assert list(tmp_path.iterdir()) == []


def test_settings_of_another_kind() -> None:
    with Database.memory() as db:
        db.create_namespace("a").close()
        with pytest.raises(spatio.AlreadyExistsError, match="a"):
            db.create_namespace("a", spatio.NamespaceOptions(spatio.Space.CARTESIAN))
        with pytest.raises(spatio.UnsupportedError, match="history"):
            db.namespace("a").trajectory([db.namespace("a").intern("x")])
