import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The house colour: a quiet green. Index 6 is used on light, 8 for filled controls, so that white on it reads. */
const moss: MantineColorsTuple = [
  '#eef7f3',
  '#dcebe4',
  '#b5d6c8',
  '#8bc0aa',
  '#68ad91',
  '#519f81',
  '#2f7a60',
  '#28674f',
  '#1f5341',
  '#143e30',
];

export const theme = createTheme({
  primaryColor: 'moss',
  primaryShade: { light: 7, dark: 7 },
  colors: { moss },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '620' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
  components: {
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4, blur: 1 } } },
    Drawer: {
      defaultProps: { position: 'right', size: 'lg', overlayProps: { backgroundOpacity: 0.4, blur: 1 } },
    },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    // The first entry has the focus, and not an element without a role that a menu may not have.
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end', withInitialFocusPlaceholder: false } },
    // Options come up with a click, a letter or an arrow key: whoever only passes by with Tab, or is led to a field by
    // the dialog around it, isn't shown a list that lies over the rest.
    Select: { defaultProps: { openOnFocus: false } },
    MultiSelect: { defaultProps: { openOnFocus: false } },
    Skeleton: { defaultProps: { radius: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 36 } },
  },
});

/**
 * Dimmed text, placeholders and the titles of yellow messages are a little too faint to read in the library; these keep
 * 4.5 to 1 on every surface.
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5a636b',
    '--mantine-color-placeholder': '#6b747c',
    '--mantine-color-error': '#c02626',
    '--mantine-color-anchor': '#28674f',
    '--mantine-color-yellow-light-color': '#8a4b00',
    '--vestibule-surface': '#ffffff',
    '--vestibule-canvas': '#f7f8f7',
    '--vestibule-line': '#e3e6e4',
  },
  dark: {
    '--mantine-color-body': '#161a19',
    '--mantine-color-dimmed': '#a3aca8',
    '--mantine-color-placeholder': '#98a29d',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': '#8bc0aa',
    '--vestibule-surface': '#1c2120',
    '--vestibule-canvas': '#131716',
    '--vestibule-line': '#2e3533',
  },
});
