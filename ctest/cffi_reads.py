"""cffi reads the header as it stands, and calls the library through what it read.

    python3 ctest/cffi_reads.py include/spatio.h libspatio.so

The declarations are handed over untouched. Only what is the preprocessor's goes: directives other
than plain constants, and what stands for C++ alone.
"""

import re
import sys

import cffi


def declarations(header):
    """The header without the directives that cffi does not know."""
    kept, depth_of_cpp, depth = [], None, 0
    for line in header.splitlines():
        directive = line.lstrip()
        if directive.startswith("#if"):
            depth += 1
            if "__cplusplus" in directive:
                depth_of_cpp = depth
        elif directive.startswith("#endif"):
            if depth == depth_of_cpp:
                depth_of_cpp = None
            depth -= 1
        elif depth_of_cpp is None and (
            not directive.startswith("#") or re.match(r"#define \w+ \S", directive)
        ):
            kept.append(line)
    return "\n".join(kept)


def main():
    path, library = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        header = file.read()
    ffi = cffi.FFI()
    ffi.cdef(declarations(header))
    lib = ffi.dlopen(library)

    # Every function that the header declares is found, and every constant has its value.
    names = set(re.findall(r"\b(spatio_\w+)\(", re.sub(r"/\*.*?\*/", "", header, flags=re.S)))
    assert len(names) > 50, names
    for name in sorted(names):
        assert getattr(lib, name) != ffi.NULL, name
    for name, value in re.findall(r"^#define (SPATIO_\w+) (\w+)", header, flags=re.M):
        assert getattr(lib, name) == int(value.rstrip("uU"), 0), name

    assert lib.spatio_abi_version() == lib.SPATIO_ABI_VERSION
    db, ns = ffi.new("spatio_db **"), ffi.new("spatio_namespace **")
    error = ffi.new("spatio_error *")
    assert lib.spatio_open(ffi.NULL, ffi.NULL, db, error) == lib.SPATIO_OK
    assert lib.spatio_namespace_create(db[0], b"n", 1, ffi.NULL, ns, error) == lib.SPATIO_OK
    status = lib.spatio_upsert(
        ns[0], b"a", 1, 200.0, 0.0, 0.0, 1, ffi.NULL, 0, 0, ffi.NULL, ffi.NULL, error
    )
    assert status == lib.SPATIO_OUT_OF_RANGE
    assert "200" in ffi.string(error.message).decode()
    lib.spatio_namespace_close(ns[0])
    assert lib.spatio_close(db[0], error) == lib.SPATIO_OK
    assert lib.spatio_live_handles() == 0


main()
