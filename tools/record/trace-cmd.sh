#!/bin/sh
# The page faults of a machine while a program runs, reads told from writes, by trace-cmd.
#
#   apt-get install trace-cmd                            # and be root
#   tools/record/trace-cmd.sh web PROGRAM [ARGUMENT]…    # → web.ftrace.txt, web.trace
#
# Kernels that do not allow to trace functions refuse trace-cmd record without -d, and with it its tidying up, which -k leaves out.
# TIDEMARK is the command, where it is not just tidemark.
set -eu
name=${1:?expected NAME PROGRAM [ARGUMENT]…}
shift
trap 'trace-cmd reset 2>/dev/null || trace-cmd restart' EXIT
trace-cmd record -q -d -k -e exceptions:page_fault_user -e exceptions:page_fault_kernel -o "$name.dat" "$@"
trace-cmd report -t -i "$name.dat" >"$name.ftrace.txt"
${TIDEMARK:-tidemark} ingest "$name.ftrace.txt" -o "$name.trace"
