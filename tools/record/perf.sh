#!/bin/sh
# What a machine's page allocator gives away and takes back while a program runs, and each first access to a page, by perf.
#
#   apt-get install linux-perf                           # and be root, for the physical addresses
#   tools/record/perf.sh web PROGRAM [ARGUMENT]…         # → web.perf.txt, web.trace
#
# TIDEMARK is the command, where it is not just tidemark.
set -eu
name=${1:?expected NAME PROGRAM [ARGUMENT]…}
shift
perf record -q -a -c 1 -d --phys-data -e kmem:mm_page_alloc,kmem:mm_page_free,minor-faults -o "$name.perf.data" -- "$@"
perf script -i "$name.perf.data" -F trace:comm,pid,tid,cpu,time,event,trace \
  -F sw:comm,pid,tid,cpu,time,event,addr,ip,sym,phys_addr >"$name.perf.txt"
${TIDEMARK:-tidemark} ingest "$name.perf.txt" -o "$name.trace"
