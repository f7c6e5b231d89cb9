// A page with the official React client: who is signed in, and buttons to change that.
import { createAuthClient } from "better-auth/react";
import { useState } from "react";
import { createRoot } from "react-dom/client";

const server = new URLSearchParams(location.search).get("server") ?? location.origin;
const auth = createAuthClient({ baseURL: server });

function Page() {
  const { data, isPending } = auth.useSession();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [said, say] = useState("");
  const run = (call) => () => {
    say("…");
    call().then(
      ({ error }) => say(error ? `${error.status} ${error.message}` : "done"),
      (failure) => say(`no answer: ${failure.message}`),
    );
  };
  return (
    <main>
      <p id="state">{isPending ? "…" : (data?.user.email ?? "nobody")}</p>
      <p id="said">{said}</p>
      <input id="email" value={email} onChange={(event) => setEmail(event.target.value)} />
      <input id="password" value={password} onChange={(event) => setPassword(event.target.value)} />
      <button id="sign-up" onClick={run(() => auth.signUp.email({ name: "Ann", email, password }))}>Sign up</button>
      <button id="sign-in" onClick={run(() => auth.signIn.email({ email, password }))}>Sign in</button>
      <button id="sign-out" onClick={run(() => auth.signOut())}>Sign out</button>
    </main>
  );
}

createRoot(document.body.appendChild(document.createElement("div"))).render(<Page />);
