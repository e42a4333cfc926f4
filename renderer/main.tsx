import './zod-jitless';
import './ui/index.css';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';
import type { SessionInfo } from '../electron/api/browser-service';
import type { Problem } from '../electron/api/problems';
import { App } from './app';
import { desktopBridge, openDesktopClient } from './client/ipc-client';
import type { DesktopBridge } from '../electron/api/desktop-bridge';
import { openHttpConsole } from './client/open-http-console';
import type { HttpConsole } from './client/open-http-console';
import { SignIn } from './frame/sign-in';
import { onThemeChosen } from './ui/theme';
import { ProblemView } from './ui/problem-view';

const place = document.getElementById('root');
if (!place) throw new Error('index.html has no element #root.');
const root = createRoot(place);
const bridge = desktopBridge(window);
void (bridge ? startDesktop(root, bridge) : startBrowser(root));

async function startDesktop(root: Root, bridge: DesktopBridge): Promise<void> {
  try {
    const desktop = await openDesktopClient(bridge, () => window.location.reload());
    onThemeChosen((theme) => desktop.chooseTheme(theme));
    root.render(<App client={desktop.client} onMenuCommand={(listener) => desktop.onCommand(listener)} />);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    root.render(<ProblemView problem={shellProblem(said)} onRetry={() => window.location.reload()} />);
  }
}

const shellProblem = (detail: string): Problem => ({
  code: 'INTERNAL',
  title: 'The console does not reach its own shell.',
  detail,
  hint: 'Try again; if it stays so, start the console anew.',
  retryable: true,
  sources: [],
});

async function startBrowser(root: Root): Promise<void> {
  // Before the router reads the address: the link's code stands in its fragment.
  const browser = await openHttpConsole(window);
  if (browser.session.ok) open(root, browser, browser.session.value);
  else askToSignIn(root, browser, browser.session.problem);
}

function open(root: Root, browser: HttpConsole, session: SessionInfo): void {
  const client = browser.connect(session);
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
        open(root, browser, session.value);
        return undefined;
      }}
    />,
  );
}
