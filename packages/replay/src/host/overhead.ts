import { PAGE_BYTES } from "@tidemark/data/shapes";

const PAGES_PER_MB = 2 ** 20 / PAGE_BYTES;
const PAGES_PER_GB = 1024 * PAGES_PER_MB;

// Least squares over the sixteen values of "Sample Overhead Memory on Virtual Machines" (RMG, vSphere 5 to 6.7; VMs of 256 MB to
// 16 GB with 1 to 8 vCPUs), which they meet to 0.2 MB. Beyond these sizes the model is carried on as a line.
const MB = { base: 14.3731, perVcpu: 3.9786, perGb: 7.5738, perVcpuGb: 0.0092 } as const;

/** Machine memory that a VM takes besides its own: page tables, frame buffer and other data of the hypervisor. */
export function overheadPages(configuredPages: number, vcpus: number): number {
  const gb = configuredPages / PAGES_PER_GB;
  return Math.ceil(PAGES_PER_MB * (MB.base + MB.perVcpu * vcpus + MB.perGb * gb + MB.perVcpuGb * vcpus * gb));
}
