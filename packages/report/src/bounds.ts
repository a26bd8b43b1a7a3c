/** Drawn at most, so that a page's size does not follow the run's. What is cut is said (see `cutNote`). */
export const VMS_MAX = 8,
  INSTANTS_MAX = 4,
  SAMPLES_MAX = 500;
