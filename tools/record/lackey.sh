#!/bin/sh
# Every memory access of a program, by Valgrind's lackey.
#
#   apt-get install valgrind
#   tools/record/lackey.sh web PROGRAM [ARGUMENT]…       # → web.lackey.gz, web.trace
#
# TIDEMARK is the command, where it is not just tidemark.
set -eu
name=${1:?expected NAME PROGRAM [ARGUMENT]…}
shift
valgrind --tool=lackey --trace-mem=yes --log-fd=9 "$@" 9>&1 >&2 | gzip -1 >"$name.lackey.gz"
${TIDEMARK:-tidemark} ingest "$name.lackey.gz" -o "$name.trace"
