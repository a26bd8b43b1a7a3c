import type { View } from "vega";

/** A plot this wide has room for legends of two columns; px. */
export const WIDE_PLOT = 460;

/**
 * Whether a view that was given so much room has to be laid out again: what stands beside its plot has made that narrow,
 * and with it the legend taller than it was when Vega made room for it.
 */
export const isNarrowed = (view: View, room: number): boolean => room >= WIDE_PLOT && view.width() < WIDE_PLOT;
