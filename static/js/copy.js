// A button beside a text copies it; without this script the text can be selected by hand, and no button is shown.
async function copy(text, status) {
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
    status.textContent = status.dataset.copied;
  } catch {
    // Browsers hand out the clipboard on secure addresses only.
    status.textContent = document.execCommand("copy") ? status.dataset.copied : status.dataset.select;
  }
}

document.querySelectorAll("button[data-copy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => copy(document.getElementById(button.dataset.copy), button.nextElementSibling));
});
