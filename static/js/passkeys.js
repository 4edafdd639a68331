// Say in words what went wrong with a passkey; allauth's script would only tell the console.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const said = document.getElementById("passkey-said");
  if (said) {
    said.textContent = "That did not work: your device or key gave no answer. You can try again.";
  }
});
