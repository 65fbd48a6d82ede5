import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './theme/global.css';

import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { makeQueryClient } from './api/queries';
import { sayNobodyIsIn } from './api/session';
import { makeRouter, NotAllowed } from './routes';
import { cssVariables, theme } from './theme/theme';

/** The nonce under which this page may add styles; the server makes a new one for each answer. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
setNonce(nonce);

// The page knows whether the browser came without a session. Once it was out of sight, another tab may have made one.
sayNobodyIsIn(document.querySelector<HTMLMetaElement>('meta[name="session"]')?.content === 'none');
document.addEventListener('visibilitychange', () => sayNobodyIsIn(false));

const queryClient = makeQueryClient();
const router = makeRouter(queryClient);

/** Errors that a page of their own explains go to the console, but for refusals: those are no mistakes. */
function report(error: unknown): void {
  if (!(error instanceof NotAllowed)) console.error(error);
}

const root = document.getElementById('root');
if (root) {
  createRoot(root, { onCaughtError: report }).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <QueryClientProvider client={queryClient}>
          <Notifications position="bottom-right" limit={4} />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
