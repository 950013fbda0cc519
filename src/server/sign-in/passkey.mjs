// What a passkey needs of a browser (Web Authentication). A form says what to ask for; without this file it stays hidden.

const bytesOf = (text) => {
  const padded = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
};

const textOf = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const described = (all = []) => all.map((each) => ({ ...each, id: bytesOf(each.id) }));

async function create(options) {
  const publicKey = {
    ...options,
    challenge: bytesOf(options.challenge),
    user: { ...options.user, id: bytesOf(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  };
  const { response, ...credential } = parted(await navigator.credentials.create({ publicKey }));
  return {
    ...credential,
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      attestationObject: textOf(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

async function get(options) {
  const publicKey = {
    ...options,
    challenge: bytesOf(options.challenge),
    allowCredentials: described(options.allowCredentials),
  };
  const { response, ...credential } = parted(await navigator.credentials.get({ publicKey }));
  return {
    ...credential,
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      authenticatorData: textOf(response.authenticatorData),
      signature: textOf(response.signature),
    },
  };
}

const parted = ({ id, rawId, type, response }) => ({
  id,
  rawId: textOf(rawId),
  type,
  response,
  clientExtensionResults: {},
});

const ASKED = { create, get };

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!('credentials' in navigator) || !('PublicKeyCredential' in window)) continue;
  form.hidden = false;
  const { passkey, options } = form.dataset;
  const problem = form.querySelector('[role="alert"]');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    problem.hidden = true;
    ASKED[passkey](JSON.parse(options)).then(
      (credential) => {
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      },
      () => {
        problem.hidden = false;
      },
    );
  });
}
