// The page of react.jsx with the official Vue client.
import { createAuthClient } from "better-auth/vue";
import { createApp, h, ref } from "vue";

const server = new URLSearchParams(location.search).get("server") ?? location.origin;
const auth = createAuthClient({ baseURL: server });

const Page = {
  setup() {
    const session = auth.useSession();
    const [email, password, said] = [ref(""), ref(""), ref("")];
    const run = (call) => () => {
      said.value = "…";
      call().then(
        ({ error }) => (said.value = error ? `${error.status} ${error.message}` : "done"),
        (failure) => (said.value = `no answer: ${failure.message}`),
      );
    };
    const input = (id, value) =>
      h("input", { id, value: value.value, onInput: (event) => (value.value = event.target.value) });
    const credentials = () => ({ email: email.value, password: password.value });
    const calls = {
      "sign-up": () => auth.signUp.email({ name: "Ann", ...credentials() }),
      "sign-in": () => auth.signIn.email(credentials()),
      "sign-out": () => auth.signOut(),
    };
    return () =>
      h("main", [
        h("p", { id: "state" }, session.value.isPending ? "…" : (session.value.data?.user.email ?? "nobody")),
        h("p", { id: "said" }, said.value),
        input("email", email),
        input("password", password),
        ...Object.entries(calls).map(([id, call]) => h("button", { id, onClick: run(call) }, id)),
      ]);
  },
};

createApp(Page).mount(document.body.appendChild(document.createElement("div")));
