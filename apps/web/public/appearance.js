// Runs before the first paint, so that a dark page does not flash white. The rules are those of design/appearance.ts.
(() => {
  let choice = "system";
  try {
    choice = localStorage.getItem("gridlake.appearance") ?? "system";
  } catch {
    // storage can be forbidden; then the page follows the system
  }
  const dark =
    choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  if (dark) document.body.setAttribute("arco-theme", "dark");
})();
