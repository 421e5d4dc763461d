import { createPinia } from "pinia";
import { createApp } from "vue";
import "../design/base.css";
import { platform, watchSession } from "../api/platform.ts";
import { firstLocale, i18n, showLocale } from "../locale/i18n.ts";
import { useSession } from "../session/session.ts";
import App from "./App.vue";
import { createPageRouter } from "./router.ts";

const app = createApp(App);
app.use(createPinia());
const router = createPageRouter();
const session = useSession();

watchSession(platform, () => {
  const wasKnown = session.state === "known";
  session.expired();
  const here = router.currentRoute.value;
  // the first question of all, "who am I?", is answered 401 too; the guard deals with that one
  if (wasKnown && here.name !== "login") {
    void router.push({ name: "login", query: { return: here.fullPath, reason: "expired" } });
  }
});

await showLocale(firstLocale());
app.use(i18n);
app.use(router);
app.mount("#app");
