#!/bin/sh
# Builds libspatio_jni.so for this machine: the shim and the static library in one file, which
# exports JNI_OnLoad alone.
#
# usage: build.sh HEADER_FOLDER STATIC_LIBRARY OUTPUT_FILE
#
# JAVA_HOME says where jni.h is, without it the `javac` on the path; CC, which compiler (gcc).
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
header=$1 library=$2 output=$3
java=${JAVA_HOME:-$(dirname -- "$(dirname -- "$(readlink -f "$(command -v javac)")")")}
mkdir -p "$(dirname -- "$output")"
# Pages of 16 KiB are what new Android devices have; the alignment costs nothing elsewhere.
"${CC:-gcc}" -std=c99 -O2 -fPIC -fvisibility=hidden -Wall -Wextra -Werror -shared \
    -I "$header" -I "$java/include" -I "$java/include/linux" \
    "$here"/*.c "$library" \
    -Wl,--version-script="$here/spatio_jni.map" -Wl,--exclude-libs,ALL -Wl,--gc-sections \
    -Wl,-z,max-page-size=16384 -Wl,-z,defs -Wl,-soname,libspatio_jni.so -s \
    -lgcc_s -lpthread -lm -ldl -lc -o "$output"
