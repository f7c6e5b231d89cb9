// The official client, unmodified. Outside a browser somebody must keep the cookies and say where a page comes from;
// that is all this does.
import { createAuthClient } from "better-auth/client";

export function browser(root, origin, plugins = []) {
  const cookies = new Map();
  const customFetchImpl = async (url, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set("origin", origin);
    if (cookies.size > 0) {
      headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    }
    const answer = await fetch(url, { ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value, rest] = line.match(/^([^=]+)=([^;]*)(.*)$/);
      if (/max-age=0/i.test(rest)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  return createAuthClient({ baseURL: root, plugins, fetchOptions: { customFetchImpl } });
}
