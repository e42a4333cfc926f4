import { useEffect, useState } from 'react';
import type { FormEvent } from 'react';
import type { SignIn as Credentials } from '../../electron/api/browser-service';
import type { Problem } from '../../electron/api/problems';
import { Button } from '../ui/button';
import { TextField } from '../ui/fields';
import { ProblemView } from '../ui/problem-view';
import { SegmentedControl } from '../ui/tabs';
import { watchTheme } from '../ui/theme';
import { Brand } from './brand';
import './sign-in.css';

type Way = 'code' | 'user';

/** Browser mode without a session: by the code of a fresh link, or as a user where the service has any. */
export function SignIn({
  problem,
  onSignIn,
}: {
  /** Why there is no session. */
  problem: Problem;
  /** Answers what went wrong; undefined: signed in. */
  onSignIn: (credentials: Credentials) => Promise<Problem | undefined>;
}) {
  useEffect(watchTheme, []);
  const [way, setWay] = useState<Way>('code');
  const [code, setCode] = useState('');
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(problem);
  const [isPending, setPending] = useState(false);
  const submit = async () => {
    setPending(true);
    const failure = await onSignIn(
      way === 'code' ? { code: code.trim().replace(/^.*#code=/, '') } : { user, password },
    );
    setPending(false);
    if (failure) setShown(failure);
  };
  return (
    <main className="sign-in">
      <form
        className="panel"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Brand />
        <div className="sign-in-body">
          <h1>Sign in</h1>
          <ProblemView problem={shown} />
          <SegmentedControl
            label="How to sign in"
            items={[
              { id: 'code', title: 'With a link' },
              { id: 'user', title: 'With a password' },
            ]}
            selected={way}
            onSelect={setWay}
          />
          {way === 'code' ? (
            <TextField
              label="Link or its code"
              value={code}
              onChange={setCode}
              monospace
              autoFocus
              hint="The service prints a link where it was started. It works once."
            />
          ) : (
            <>
              <TextField label="User" value={user} onChange={setUser} autoFocus />
              <TextField label="Password" value={password} onChange={setPassword} inputType="password" />
            </>
          )}
          <Button
            kind="primary"
            type="submit"
            isPending={isPending}
            isDisabled={way === 'code' ? code.trim() === '' : user === '' || password === ''}
          >
            Sign in
          </Button>
        </div>
      </form>
    </main>
  );
}
