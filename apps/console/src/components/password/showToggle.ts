/** The eye in a password box: reachable by keyboard, and named. */
export const showToggle = {
  visibilityToggleFocusable: true,
  visibilityToggleButtonProps: { 'aria-label': 'Show or hide the password' },
} as const;
