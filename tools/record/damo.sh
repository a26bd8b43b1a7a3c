#!/bin/sh
# Which memory of a process, or of the whole machine (paddr), is accessed for so many seconds, by DAMON and its tool damo.
#
#   pip install damo                                     # and be root, on Linux with CONFIG_DAMON_VADDR, for paddr CONFIG_DAMON_PADDR
#   tools/record/damo.sh web $(pidof PROGRAM) 60         # → web.damon.data, web.trace
#
# TIDEMARK is the command, where it is not just tidemark.
set -eu
usage="expected NAME PROCESS|paddr SECONDS"
name=${1:?$usage} target=${2:?$usage} seconds=${3:?$usage}
damo record "$target" --timeout "$seconds" -o "$name.damon.data"
${TIDEMARK:-tidemark} ingest "$name.damon.data" -o "$name.trace"
