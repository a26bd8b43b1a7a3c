import { InputError } from "@tidemark/data/shapes";

/** A VM that asks to be started. */
export interface Applicant {
  readonly name: string;
  readonly configuredPages: number;
  readonly reservationPages: number;
  readonly limitPages: number;
  readonly overheadPages: number;
}

export interface HostSize {
  readonly machinePages: number;
  /** What the hypervisor keeps for itself. */
  readonly hypervisorPages: number;
  /** Space for the VMs' swap files; null where it is not bounded. */
  readonly swapPages: number | null;
}

const PAGES_PER_MIB = 256;
const mib = (pages: number, round: (value: number) => number): string => `${round((10 * pages) / PAGES_PER_MIB) / 10} MiB`;
/** What is asked for is rounded up, what there is down: who gives what a refusal names is admitted. */
const needed = (pages: number): string => mib(pages, Math.ceil);
const present = (pages: number): string => mib(pages, Math.floor);

/**
 * Admission control (Waldspurger 2002 §6.2): a VM starts only where its reservation and overhead find unreserved machine memory
 * beside those of the VMs that run, and the rest of its memory finds swap space. InputError says which it is and what would do.
 */
export function admit(host: HostSize, running: readonly Applicant[], vm: Applicant): void {
  checkSizes(vm);
  const reserved = running.reduce(
    (sum, { reservationPages, overheadPages }) => sum + reservationPages + overheadPages,
    host.hypervisorPages,
  );
  const wanted = vm.reservationPages + vm.overheadPages;
  const missing = reserved + wanted - host.machinePages;
  if (missing > 0) {
    const reservations = running.reduce((sum, { reservationPages }) => sum + reservationPages, vm.reservationPages);
    const lower = missing > reservations ? "" : `lower reservations by ${needed(missing)} or `;
    throw new InputError(
      `${vm.name}: needs ${needed(vm.reservationPages)} of reservation and ${needed(vm.overheadPages)} of overhead, ` +
        `the host of ${present(host.machinePages)} has ${present(Math.max(0, host.machinePages - reserved))} unreserved; ` +
        `${lower}give the host ${needed(reserved + wanted)}`,
    );
  }
  if (host.swapPages === null) return;
  const swapped = running.reduce((sum, { configuredPages, reservationPages }) => sum + configuredPages - reservationPages, 0);
  const file = vm.configuredPages - vm.reservationPages;
  if (swapped + file > host.swapPages)
    throw new InputError(
      `${vm.name}: needs ${needed(file)} of swap space (its size less its reservation), ` +
        `of the host's ${present(host.swapPages)} there are ${present(host.swapPages - swapped)} left; ` +
        `raise reservations by ${needed(swapped + file - host.swapPages)} or give the host ${needed(swapped + file)} of swap space`,
    );
}

/** reservation ≤ limit ≤ configured size. */
function checkSizes({ name, configuredPages, reservationPages, limitPages }: Applicant): void {
  if (reservationPages > configuredPages)
    throw new InputError(
      `${name}: a reservation of ${needed(reservationPages)} is more than the VM's ${present(configuredPages)}; reserve at most its size`,
    );
  if (limitPages > configuredPages)
    throw new InputError(`${name}: a limit of ${needed(limitPages)} is more than the VM's ${present(configuredPages)}; leave it out`);
  if (reservationPages > limitPages)
    throw new InputError(
      `${name}: a limit of ${present(limitPages)} is below its reservation of ${needed(reservationPages)}; raise the one or lower the other`,
    );
}
