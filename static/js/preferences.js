// Applies what a reader chooses at once and remembers it in cookies, as the form behind it does.
const YEAR = 365 * 24 * 60 * 60;

export function startPreferences(form) {
  form?.addEventListener("change", (event) => {
    const { name, value } = event.target;
    document.documentElement.dataset[name] = value;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  });
}
