import { createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { createTargets } from '../../src/adapter/targets.ts';
import { createSmtp, type SmtpOptions } from '../../src/mail/smtp.ts';
import { type Certificate, selfSigned } from '../support/certificate.ts';
import { LOOPBACK } from '../support/loopback.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';

const MESSAGE = {
  to: ['accueil@clinique.example', 'nuit@clinique.example'],
  subject: 'Tâche en retard',
  text: 'Fermer 9 h 20 — Dre Tremblay\n',
};

describe('mail', () => {
  let plain: MailServer;
  let secure: MailServer;
  let upgrading: MailServer;
  let certificate: Certificate;
  before(async () => {
    certificate = await selfSigned('127.0.0.1');
    const { key, cert } = certificate;
    plain = await startMailServer();
    secure = await startMailServer({ secure: true, key, cert });
    upgrading = await startMailServer({ key, cert, authOptional: false });
  });
  after(async () => {
    await Promise.all([plain, secure, upgrading].map((server) => server.close()));
    await certificate.remove();
  });

  const send = (
    server: Pick<MailServer, 'port'>,
    more: Partial<SmtpOptions> = {},
    signal = new AbortController().signal,
  ) =>
    createSmtp({
      host: '127.0.0.1',
      port: server.port,
      security: 'none',
      login: null,
      from: 'passerelle@clinique.example',
      targets: createTargets(LOOPBACK),
      ca: certificate.cert,
      ...more,
    }).send(MESSAGE, signal);
  const whyNot = async (sending: Promise<void>): Promise<string> => {
    try {
      await sending;
      return 'sent';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('arrives as it was written, and says that no machine is to answer it', async () => {
    await send(plain);
    const [mail] = plain.mails;
    expect(mail?.to).to.deep.equal(MESSAGE.to);
    expect(mail?.subject).to.equal(MESSAGE.subject);
    expect(mail?.text.trim().replaceAll('\r\n', '\n')).to.equal(MESSAGE.text.trim());
    expect(mail?.raw).to.match(/^Auto-Submitted: auto-generated\r$/m);
    expect(mail?.raw).to.match(/^From: passerelle@clinique.example\r$/m);
  });

  it('goes over TLS, from the start or by STARTTLS, and logs in there', async () => {
    await send(secure, { security: 'tls' });
    const login = { user: 'passerelle', password: 'un-mot-de-passe' };
    await send(upgrading, { security: 'starttls', login });
    expect([secure.mails.length, upgrading.mails.length, upgrading.logins]).to.deep.equal([
      1,
      1,
      ['passerelle'],
    ]);
    const wrong = { user: 'passerelle', password: 'un-autre' };
    expect(await whyNot(send(upgrading, { security: 'starttls', login: wrong }))).to.equal(
      'SMTP: the server answers 535',
    );
  });

  it('is not sent without the TLS that was asked for, nor to whoever shows another certificate', async () => {
    expect(await whyNot(send(plain, { security: 'starttls' }))).not.to.equal('sent');
    expect(await whyNot(send(plain, { security: 'tls' }))).not.to.equal('sent');
    const other = await selfSigned('localhost');
    try {
      expect(await whyNot(send(secure, { security: 'tls', ca: other.cert }))).not.to.equal('sent');
    } finally {
      await other.remove();
    }
    expect(plain.mails).to.have.length(1);
    expect(secure.mails).to.have.length(1);
  });

  it('goes nowhere that the configuration does not allow, by address or by name', async () => {
    const targets = createTargets([]);
    expect(await whyNot(send(secure, { security: 'tls', targets }))).to.equal(
      'SMTP: the server may not be called (forbidden-address)',
    );
    expect(await whyNot(send(secure, { host: 'localhost', security: 'tls', targets }))).to.equal(
      'SMTP: the server may not be called (forbidden-address)',
    );
    const elsewhere = createTargets([], async () => [{ address: '203.0.113.7', family: 4 }]);
    expect(await whyNot(send(plain, { host: 'mail.example', targets: elsewhere }))).to.match(
      /forbidden-address|not-https/,
    );
  });

  it('can be looked at without a mail, login included', async () => {
    const at = (port: number, security: SmtpOptions['security'], password: string) =>
      createSmtp({
        host: '127.0.0.1',
        port,
        security,
        login: password === '' ? null : { user: 'passerelle', password },
        from: 'passerelle@clinique.example',
        targets: createTargets(LOOPBACK),
        ca: certificate.cert,
      }).check();
    await at(upgrading.port, 'starttls', 'un-mot-de-passe');
    await at(plain.port, 'none', '');
    expect(await whyNot(at(upgrading.port, 'starttls', 'un-autre'))).to.equal('SMTP: the server answers 535');
    expect(await whyNot(at(1, 'none', ''))).to.equal('SMTP: ECONNREFUSED');
    expect(plain.mails).to.have.length(1);
  });

  it('says why it was not taken, and names nobody', async () => {
    plain.refuse = 1;
    expect(await whyNot(send(plain))).to.equal('SMTP: the server answers 451');
    expect(await whyNot(send({ port: 1 }))).to.equal('SMTP: ECONNREFUSED');
    expect(plain.mails).to.have.length(1);
  });

  it('trusts no certificate that nobody vouches for, whatever the environment says', async () => {
    const before = secure.mails.length;
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const other = await selfSigned('127.0.0.1');
      expect(await whyNot(send(secure, { security: 'tls', ca: other.cert }))).not.to.equal('sent');
      expect(await whyNot(send(upgrading, { security: 'starttls', ca: other.cert }))).not.to.equal('sent');
      await other.remove();
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
    expect(secure.mails).to.have.length(before);
  });

  it('is given up on a server that goes on and on, and is never silent', async () => {
    const sockets = new Set<Socket>();
    const endless: Server = createServer((socket) => {
      const drip = setInterval(() => socket.write('220-un instant\r\n'), 5);
      sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => clearInterval(drip));
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const { port } = endless.address() as { port: number };
    const late = { timeoutMilliseconds: 300 };
    expect(await whyNot(send({ port }, late))).to.equal('SMTP: the server takes too long');
    const { check } = createSmtp({
      ...{ host: '127.0.0.1', port, security: 'none', login: null, from: 'passerelle@clinique.example' },
      ...{ targets: createTargets(LOOPBACK), ...late },
    });
    expect(await whyNot(check())).to.equal('SMTP: the server takes too long');
    for (const socket of sockets) socket.destroy();
    endless.close();
  });

  it('ends with who wanted it, though the server says nothing', async () => {
    const silent: Server = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const over = new AbortController();
    const sending = whyNot(send({ port }, {}, over.signal));
    silent.once('connection', (socket) => {
      socket.unref();
      over.abort(new Error('it is stopping'));
    });
    expect(await sending).not.to.equal('sent');
    silent.close();
  });
});
