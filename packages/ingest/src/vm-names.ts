import { InputError } from "@tidemark/data/shapes";
import type { Source } from "./source.ts";
import { VmFold } from "./vm-fold.ts";

const DEFAULT_NAME = "vm";
const VMS_MAX = 0xffff;

/**
 * The VMs of one ingest, numbered in the order in which the merged rows name them. Sources that name no VM belong to
 * `--vm`, else to the only VM of the call: number 0, whatever it turns out to be called.
 */
export class VmNames {
  readonly vms: VmFold[] = [];
  readonly #byName = new Map<string, VmFold>();
  readonly #bySource = new Map<Source, VmFold[]>();
  readonly #given: string | undefined;
  /** A source that names no VM and relies on there being only one. */
  #unnamed: Source | undefined;

  constructor(given: string | undefined) {
    this.#given = given;
  }

  /** The VM that `source` calls number `local`. */
  vmOf(source: Source, local: number): VmFold {
    let known = this.#bySource.get(source);
    if (known === undefined) this.#bySource.set(source, (known = []));
    return (known[local] ??= this.#resolve(source, source.vmNames[local] || this.#given));
  }

  #resolve(source: Source, name: string | undefined): VmFold {
    const vm = name === undefined ? this.#theOnlyOne(source) : this.#named(name);
    if (this.#unnamed !== undefined && this.vms.length > 1) {
      const names = this.vms.map((each) => each.name).join(", ");
      throw new InputError(
        `${this.#unnamed.name}: names no VM, and the call has several (${names}); say with --vm NAME which one it is about`,
      );
    }
    return vm;
  }

  #theOnlyOne(source: Source): VmFold {
    this.#unnamed ??= source;
    return this.vms[0] ?? this.#add(DEFAULT_NAME);
  }

  #named(name: string): VmFold {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    // The first VM that gets a name is the one that unnamed sources meant.
    const unnamed = this.vms.length === 1 && this.#byName.size === 0 ? this.vms[0] : undefined;
    if (unnamed !== undefined) unnamed.name = name;
    const vm = unnamed ?? this.#add(name);
    this.#byName.set(name, vm);
    return vm;
  }

  #add(name: string): VmFold {
    if (this.vms.length === VMS_MAX) throw new InputError(`more than ${VMS_MAX} VMs; is the right column read as vm?`);
    const vm = new VmFold(name, this.vms.length);
    this.vms.push(vm);
    return vm;
  }
}
