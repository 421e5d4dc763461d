export const login = {
  title: "Sign in",
  lead: "One lake for the grid: every reading kept, every indicator computed once.",
  name: "User name",
  password: "Password",
  submit: "Sign in",
  expired: "Your session has ended. Sign in to go on where you were.",
  nameMissing: "Enter your user name.",
  passwordMissing: "Enter your password.",
  drawing: "Single-line diagram: a busbar with a transformer and three feeders",
};
