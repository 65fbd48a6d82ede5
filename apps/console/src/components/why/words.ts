import type { Action, Explanation, ExplanationStep } from '../../api/schema';
import { levelTitle } from '../../pages/access-control/levels';

/** What each action is called as the end of "can" and "can’t". */
export const VERBS: { [action in Action]: string } = {
  view: 'see',
  edit: 'edit',
  delete: 'delete',
  create: 'create',
};

/** Who is asked about, and what. */
interface About {
  /** Whether the reader asks about themself. */
  you: boolean;
  action: Action;
  /** What several of these records are called: "deals". */
  plural: string;
}

/** The rule that decided, as a sentence to or about the person. */
export function ruleWords(answer: Explanation, about: About): string {
  const { action, plural } = about;
  switch (answer.rule) {
    case 'subject_ended':
      return `${answer.steps.find(({ code }) => code === 'standing')?.detail ?? answer.summary} So everything is denied.`;
    case 'owned_by_anyone':
      return `${start(profile(answer, about))} lets everybody on it ${VERBS[action]} ${plural}, whoever owns them.`;
    case 'level_none':
      return `${start(profile(answer, about))} lets nobody on it ${VERBS[action]} ${plural}.`;
    case 'view_too_low':
      return `Whoever is to ${VERBS[action]} it has to see it first. ${seeing(answer, about)}`;
    case 'owned_by_subject':
      if (action !== 'create') return ownersWords(answer, about);
      return `${start(profile(answer, about))} lets everybody on it create ${plural} of their own.`;
    case 'owned_by_report':
    case 'owned_by_peer':
    case 'unowned_needs_anyone':
    case 'owners_out_of_reach':
      return ownersWords(answer, about);
    default:
      return answer.summary;
  }
}

/** What was found at one step, as a sentence to or about the person. */
export function stepWords(step: ExplanationStep, answer: Explanation, about: About): string {
  if (step.code === 'standing' && step.ok) return `${start(who(answer, about))} ${has(about)} access now.`;
  if (step.code === 'owners' && answer.effective !== 'anyone') return ownersWords(answer, about);
  return step.detail;
}

function seeing(answer: Explanation, about: About): string {
  return answer.effective === 'none'
    ? `${start(profile(answer, about))} lets nobody on it see ${about.plural}.`
    : ownersWords(answer, about);
}

/**
 * Whose the record is, and how they stand to the person: for a level that doesn't reach them, what it would have taken.
 *
 * Names are those that the answer tells; whoever asks about themself isn't told who the others are.
 */
function ownersWords(answer: Explanation, about: About): string {
  // The closest owner comes first: what they are to the person decides.
  const [closest, ...others] = answer.owners;
  const belongs = about.action === 'create' ? 'would belong' : 'belongs';
  if (!closest)
    return `It ${belongs} to nobody, and only “${levelTitle('anyone')}” reaches such ${about.plural}.`;
  const person = who(answer, about);
  if (closest.relation === 'myself') return `It ${belongs} to ${person}.`;
  if (closest.reached || answer.effective === 'none') {
    if (closest.relation === 'report')
      return `It belongs to ${closest.name ?? 'somebody'}, who is below ${person} in the roles.`;
    if (closest.relation === 'peer')
      return `It belongs to ${closest.name ?? 'somebody'}, who is in the same role as ${person}.`;
  }
  const names = answer.owners.flatMap(({ name }) => name ?? []);
  const known = names.length === answer.owners.length;
  const owners = known ? listed(names) : others.length > 0 ? 'others' : 'somebody else';
  const whoIs = others.length > 0 ? 'none of whom is' : 'who is';
  const [either, or] = others.length > 0 ? ['', 'or'] : ['neither ', 'nor'];
  if (answer.effective === 'own')
    return `It belongs to ${owners}, and ${profile(answer, about)} only reaches what belongs to ${person}.`;
  if (!answer.subject.role)
    return `It belongs to ${owners}. ${start(person)} ${has(about)} no user role, and so neither reports nor peers.`;
  if (answer.effective === 'own_and_reports')
    return `It belongs to ${owners}, ${whoIs} ${either}${person} ${or} below ${about.you ? 'you' : 'them'} in the roles.`;
  return `It belongs to ${owners}, ${whoIs} ${either}in ${role(answer, about)} ${or} in one below it.`;
}

function who(answer: Explanation, { you }: About): string {
  return you ? 'you' : (answer.subject.name ?? 'this person');
}

function role(answer: Explanation, about: About): string {
  return about.you ? 'your role' : `the role of ${who(answer, about)}`;
}

function has({ you }: About): string {
  return you ? 'have' : 'has';
}

function profile(answer: Explanation, { you }: About): string {
  const { name } = answer.profile;
  if (you) return name ? `your profile, ${name},` : 'your profile';
  return name ? `the profile ${name}` : 'the profile';
}

/** How many names a sentence holds. */
const NAMED = 3;

/** `A`, `A and B`, `A, B and C`, `A, B and 2 others`. */
function listed(names: string[]): string {
  const few = names.length <= NAMED ? names : [...names.slice(0, 2), `${names.length - 2} others`];
  return new Intl.ListFormat('en-GB').format(few);
}

function start(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
