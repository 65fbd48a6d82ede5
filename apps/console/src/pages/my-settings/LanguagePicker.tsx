import { Select, type SelectProps } from '@mantine/core';

/** Languages that are offered; another one that is stored already stays. */
const OFFERED = [
  'en-GB',
  'en-US',
  'bg',
  'cs',
  'da',
  'de-DE',
  'de-AT',
  'de-CH',
  'el',
  'es-ES',
  'es-MX',
  'et',
  'fi',
  'fr-FR',
  'fr-CA',
  'fr-CH',
  'hr',
  'hu',
  'it',
  'ja',
  'ko',
  'lt',
  'lv',
  'nb',
  'nl',
  'nl-BE',
  'pl',
  'pt-BR',
  'pt-PT',
  'ro',
  'sk',
  'sl',
  'sr',
  'sv',
  'tr',
  'uk',
  'zh-Hans',
  'zh-Hant',
];

interface Props extends Omit<SelectProps, 'data' | 'value'> {
  value?: string | null;
}

/** Picks a language by its own name. */
export function LanguagePicker({ value = null, ...props }: Props) {
  const tags = [...new Set([...(value ? [value] : []), ...OFFERED])];
  const languages = tags.map((tag) => ({ value: tag, label: ownName(tag) }));
  languages.sort((one, other) => one.label.localeCompare(other.label));
  return (
    <Select
      label="Language"
      placeholder="No preference"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'No preference' }}
      nothingFoundMessage="Not offered"
      {...props}
      value={value}
      data={languages}
    />
  );
}

/** `Deutsch (Österreich)`. */
function ownName(tag: string): string {
  try {
    const name =
      new Intl.DisplayNames([tag], { type: 'language', languageDisplay: 'standard' }).of(tag) ?? tag;
    return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
  } catch {
    return tag;
  }
}
