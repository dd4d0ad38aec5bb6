#!/bin/sh
# Builds the work in C that Java is measured against, with a copy of the library of its own.
#
# usage: build.sh HEADER_FOLDER STATIC_LIBRARY OUTPUT_FILE
#
# JAVA_HOME says where jni.h is, without it the `javac` on the path; CC, which compiler (gcc).
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
work=$here/../../../go/bench
header=$1 library=$2 output=$3
java=${JAVA_HOME:-$(dirname -- "$(dirname -- "$(readlink -f "$(command -v javac)")")")}
mkdir -p "$(dirname -- "$output")"
"${CC:-gcc}" -std=c99 -O2 -fPIC -Wall -Wextra -Werror -shared \
    -I "$header" -I "$work" -I "$java/include" -I "$java/include/linux" \
    "$here/crossing_jni.c" "$work/crossing.c" "$library" \
    -Wl,--exclude-libs,ALL -Wl,--gc-sections -Wl,-z,defs \
    -lgcc_s -lpthread -lm -ldl -lc -o "$output"
