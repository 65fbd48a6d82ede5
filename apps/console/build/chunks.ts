// Which code arrives together. Left alone, the bundler makes a file of everything that two pages share, and a list
// would ask for some eighty of them: each has headers, and small files compress badly.

/** What starts, and the frame of every page, with all that they need; then what lists are made of; then what many pages share. */
export const chunks = [
  { name: 'console', test: /src[\\/](main|shell[\\/]Shell)\.tsx$/, priority: 3 },
  {
    name: 'lists',
    test: /src[\\/](components[\\/](DataTable|ListToolbar|ListPage)|pages[\\/]guests[\\/]GuestsPage)\.tsx$/,
    priority: 2,
  },
  { name: 'shared', test: /\.(m?[jt]sx?)$/, minShareCount: 5, priority: 1 },
];
