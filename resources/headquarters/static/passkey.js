// Passkeys: hands WebAuthn's options to the browser, and its answer to the form. Without this file the forms stay
// hidden and the code of a telephone is asked for.
"use strict";
(() => {
  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const make = async (asked) => {
    const made = await navigator.credentials.create({ publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: named(asked.excludeCredentials),
    } });
    return { made, response: { attestationObject: text(made.response.attestationObject) } };
  };

  const show = async (asked) => {
    const made = await navigator.credentials.get({ publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      allowCredentials: named(asked.allowCredentials),
    } });
    const { authenticatorData, signature } = made.response;
    return { made, response: { authenticatorData: text(authenticatorData), signature: text(signature) } };
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) { continue; }
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.answer.value) { return; }
      event.preventDefault();
      try {
        const act = form.dataset.passkey === "make" ? make : show;
        const { made, response } = await act(JSON.parse(form.dataset.options));
        response.clientDataJSON = text(made.response.clientDataJSON);
        form.elements.answer.value = JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response });
        form.submit();
      } catch {
        form.elements.answer.value = "";  // the person or the authenticator said no: the form stays as it is
      }
    });
  }
})();
