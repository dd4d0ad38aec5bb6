"""Builds the wheel: the package, the shared library, and the declarations that cffi reads.

The header `include/spatio.h` is taken as it stands; what a C preprocessor would take away is taken
away here. The library is not built here: `SPATIO_LIBRARY` names the one to be packed. Single calls
are compiled where there is a C compiler; a wheel without them works by cffi alone.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The structs of the Arrow C data interface, as https://arrow.apache.org/docs/format has them; the
# header only names the first two.
ARROW = """
struct ArrowSchema { const char *format; const char *name; const char *metadata; int64_t flags;
  int64_t n_children; struct ArrowSchema **children; struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *); void *private_data; };
struct ArrowArray { int64_t length; int64_t null_count; int64_t offset; int64_t n_buffers;
  int64_t n_children; const void **buffers; struct ArrowArray **children;
  struct ArrowArray *dictionary; void (*release)(struct ArrowArray *); void *private_data; };
struct ArrowArrayStream { int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *); void *private_data; };
"""


def declarations(header: str) -> str:
    """The declarations and numbers of a header, without what only a preprocessor understands."""
    text = re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)
    text = re.sub(r"//[^\n]*", "", text)
    text = re.sub(r"#ifdef __cplusplus.*?#endif", "", text, flags=re.DOTALL)
    number = re.compile(r"#define \w+ -?(0x)?[0-9A-Fa-f]+[uUlL]*\s*$")
    kept = [line for line in text.splitlines() if not line.startswith("#") or number.match(line)]
    return "\n".join(kept)


def addresses(text: str, name: str, renamed: str) -> str:
    """A struct of columns once more, its pointers as whole numbers, which are quicker to read."""
    struct = re.search(rf"struct {name} \{{.*?\}}", text, flags=re.DOTALL)
    if struct is None:
        raise SystemExit(f"include/spatio.h has no struct {name}")
    plain = re.sub(r"const \w+ \*", "uintptr_t ", struct.group())
    return plain.replace(name, renamed) + ";"


def write_declarations(header: Path, target: Path) -> None:
    """Writes the module `spatio._abi`, which declares every function without compiling anything."""
    from cffi import FFI

    ffi = FFI()
    text = declarations(header.read_text(encoding="utf-8"))
    plain = addresses(text, "spatio_columns", "spatio_addresses")
    plain += addresses(text, "spatio_hit_columns", "spatio_hit_addresses")
    ffi.cdef(ARROW + text + plain)
    ffi.set_source("spatio._abi", None)
    ffi.emit_python_code(str(target))


def compile_calls(clone: Path, target: Path) -> str | None:
    """Compiles the module `spatio._calls` for every CPython; why not, where it cannot be."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    python = Path(sysconfig.get_path("include"))
    if sys.platform == "win32" or compiler is None:
        return "there is no C compiler that this script knows to call"
    if not (python / "Python.h").is_file():
        return f"there is no Python.h in {python}"
    command: list[str | Path] = [
        compiler,
        "-O2",
        "-shared",
        "-fPIC",
        "-I",
        clone / "include",
        "-I",
        python,
    ]
    if sys.platform == "darwin":
        # What the interpreter has is found when the module is loaded.
        command += ["-undefined", "dynamic_lookup"]
    source = clone / "bindings" / "python" / "native" / "calls.c"
    done = subprocess.run([*command, "-o", target, source], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{source} does not compile:\n{done.stderr}")
    return None


def platform_tag(*libraries: Path) -> str:
    """What they run on: on Linux the least glibc that has all the symbols they ask for."""
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return f"macosx_11_0_{machine}"
    if sys.platform == "win32":
        return "win_" + machine
    asked = [
        number
        for library in libraries
        for number in re.findall(rb"GLIBC_2\.(\d+)", library.read_bytes())
    ]
    if not asked:
        return f"linux_{machine}"
    return f"manylinux_2_{max(map(int, asked))}_{machine}"


class SpatioBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the library and the declarations to the wheel, and names the platform."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it gathers the files."""
        clone = Path(self.root).parent.parent
        built = {"darwin": "libspatio.dylib", "win32": "spatio.dll"}.get(
            sys.platform, "libspatio.so"
        )
        given = os.environ.get("SPATIO_LIBRARY")
        library = Path(given) if given else clone / "target" / "release" / built
        if not library.is_file():
            raise SystemExit(
                f"the library {library} does not exist: build it by `cargo build --release`, or "
                "name it in the environment as SPATIO_LIBRARY"
            )
        self.folder = tempfile.TemporaryDirectory()
        module = Path(self.folder.name) / "_abi.py"
        write_declarations(clone / "include" / "spatio.h", module)
        inside = "libspatio.so.0" if built == "libspatio.so" else built
        build_data["force_include"][str(module)] = "spatio/_abi.py"
        build_data["force_include"][str(library.resolve())] = f"spatio/{inside}"
        for licence in ("LICENSE-APACHE", "LICENSE-MIT"):
            build_data["force_include"][str(clone / licence)] = f"spatio/{licence}"
        packed = [library]
        calls = Path(self.folder.name) / "_calls.abi3.so"
        reason = compile_calls(clone, calls)
        if reason is None:
            packed.append(calls)
            build_data["force_include"][str(calls)] = "spatio/_calls.abi3.so"
        else:
            self.app.display_warning(f"spatio: single calls are not compiled: {reason}")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform_tag(*packed)}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called by hatchling when the wheel stands."""
        self.folder.cleanup()
