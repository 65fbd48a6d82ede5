import { describe, expect, it } from 'vitest';
import { safePath } from './safePath';

describe('where somebody gets after signing in', () => {
  it('is the page that they wanted', () => {
    expect(safePath('/guests?q=noah&status=active#top')).toBe('/guests?q=noah&status=active#top');
  });

  it('is never another site', () => {
    for (const to of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil',
      'javascript:alert(1)',
      '/\t/evil.example',
    ]) {
      expect(safePath(to)).toBe('/');
    }
  });

  it('is home when nothing was wanted, or a page before the door', () => {
    for (const to of [undefined, '', 7, '/sign-in?to=/guests', '/claim', '/access-ended'])
      expect(safePath(to)).toBe('/');
    expect(safePath('/claims-of-mine')).toBe('/claims-of-mine');
  });
});
