#!/bin/sh
# The guest-physical pages that KVM maps for the VMs of a host while a program runs (sleep 60, or a VM of its own), by perf.
#
#   apt-get install linux-perf                           # and be root
#   tools/record/kvm.sh host sleep 60                    # → host.perf.txt, host.trace
#
# TIDEMARK is the command, where it is not just tidemark.
set -eu
name=${1:?expected NAME PROGRAM [ARGUMENT]…}
shift
perf record -q -a -e kvm:kvm_page_fault,kvm:kvm_cr,kvmmmu:kvm_mmu_spte_requested -o "$name.perf.data" -- "$@"
perf script -i "$name.perf.data" -F trace:comm,pid,tid,cpu,time,event,trace >"$name.perf.txt"
${TIDEMARK:-tidemark} ingest "$name.perf.txt" -o "$name.trace"
