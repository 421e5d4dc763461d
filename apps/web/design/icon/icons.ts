/** Line drawings on a 20 × 20 field, stroked with the text's colour. */
export const ICONS = {
  curve: "M2.5 16.5h15M2.5 16.5v-13M4.5 13l3-4.5 3 3 3-6 3 3.5",
  meter: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M10 10l3.5-3.5M5.5 12.5h9",
  system: "M2.5 4h15v9.5h-15zM7 16.5h6M10 13.5v3",
  light:
    "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.300l1.4 1.400M14.3 14.300l1.4 1.400M15.7 4.300l-1.4 1.400M5.7 14.300l-1.4 1.4",
  dark: "M16.5 12a7 7 0 0 1-8.5-8.5 7 7 0 1 0 8.5 8.5",
  exit: "M8 3.5H3.5v13H8M8.5 10h8M13.5 6.5 17 10l-3.5 3.5",
  refresh: "M16 8a6.5 6.5 0 1 0 .5 3M16.5 3.5V8H12",
} as const;
export type IconName = keyof typeof ICONS;
