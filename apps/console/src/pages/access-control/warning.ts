/** The colour of warnings, dark or light enough to be read on every surface. */
export const WARNING =
  'light-dark(color-mix(in srgb, var(--mantine-color-orange-9) 78%, black), var(--mantine-color-orange-3))';
