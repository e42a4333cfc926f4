import './zod-jitless';
import './ui/index.css';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';
import { App } from './app';
import { openHttpConsole } from './client/open-http-console';
import type { HttpConsole } from './client/open-http-console';
import type { Problem } from '../electron/api/problems';
import { SignIn } from './frame/sign-in';

const place = document.getElementById('root');
if (!place) throw new Error('index.html has no element #root.');
void start(createRoot(place));

async function start(root: Root): Promise<void> {
  // Before the router reads the address: the link's code stands in its fragment.
  const browser = await openHttpConsole(window);
  if (browser.session.ok) open(root, browser);
  else askToSignIn(root, browser, browser.session.problem);
}

function open(root: Root, browser: HttpConsole): void {
  const client = browser.connect();
  client.onStateChange(() => {
    if (client.state.kind !== 'signed-out') return;
    const { problem } = client.state;
    void client.close();
    askToSignIn(root, browser, problem);
  });
  root.render(<App client={client} />);
}

function askToSignIn(root: Root, browser: HttpConsole, problem: Problem): void {
  root.render(
    <SignIn
      problem={problem}
      onSignIn={async (credentials) => {
        const session = await browser.endpoint.signIn(credentials);
        if (!session.ok) return session.problem;
        open(root, browser);
        return undefined;
      }}
    />,
  );
}
