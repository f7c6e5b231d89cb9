// The official client, within reach of the script that drives the page.
import { createAuthClient } from "better-auth/client";

window.auth = createAuthClient({ baseURL: location.origin });
