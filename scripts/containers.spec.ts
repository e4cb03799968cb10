import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { routes, services } from '#contracts';

const root = join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      image: z.string(),
      ports: z.array(z.string()).optional(),
      networks: z.array(z.string()),
      volumes: z.array(z.string()).default([]),
      cap_drop: z.array(z.string()),
      cap_add: z.array(z.string()).optional(),
      security_opt: z.array(z.string()),
      privileged: z.undefined().optional(),
      read_only: z.boolean(),
      command: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.string()),
      healthcheck: z.unknown().optional(),
    }),
  ),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() }).nullable()),
});
const compose = composeSchema.parse(parse(read('docker-compose.yml'), { merge: true }));
const containers = Object.entries(compose.services);
const ours = (name: string) => services.some((service) => service === name);

describe('docker-compose.yml', () => {
  it('has every service, with a database address of its own', () => {
    const urls = services.map((name) => compose.services[name]?.environment['DATABASE_URL']);
    expect(new Set(urls).size).toBe(services.length);
    expect(urls).not.toContain(undefined);
  });

  it('lets nothing but the edge be reached from outside', () => {
    expect(containers.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['edge']);
    expect(containers.filter(([, { networks }]) => networks.includes('outside')).map(([name]) => name)).toEqual([
      'edge',
    ]);
    expect(compose.networks['inside']?.internal).toBe(true);
  });

  it.each(containers)('gives %s no right that it does not need', (name, container) => {
    expect(container.cap_drop).toEqual(['ALL']);
    expect(container.cap_add ?? []).toEqual(name === 'edge' ? ['NET_BIND_SERVICE'] : []);
    expect(container.security_opt).toContain('no-new-privileges:true');
    expect(container.read_only).toBe(name !== 'kafka');
    expect(container.volumes.join()).not.toContain('docker.sock');
  });

  it.each(containers)('pins the version of %s', (_name, { image }) => {
    expect(image).toMatch(/:\d+\.\d+/);
  });

  it.each(containers.filter(([name]) => !ours(name)))('knows whether %s is well', (_name, { healthcheck }) => {
    expect(healthcheck).toBeDefined();
  });

  it('keeps no secret: passwords and keys come from outside', () => {
    const secrets = containers.flatMap(([, { environment }]) =>
      Object.entries(environment).filter(([key]) => /PASSWORD|SECRET|_KEY$/.test(key)),
    );
    expect(secrets.length).toBeGreaterThan(5);
    for (const [, value] of secrets) expect(value).toMatch(/^\$\{\w+:\?/);
    const needed = [...read('docker-compose.yml').matchAll(/\$\{(\w+):\?/g)].map((match) => match[1]);
    for (const name of needed) expect(read('docker/env.example')).toMatch(new RegExp(`^${name}=$`, 'm'));
  });

  it.each([...services])('starts a program for %s that the build makes', (name) => {
    const [program = ''] = compose.services[name]?.command ?? [];
    expect(program).toBe(`dist/apps/${name}/src/main.js`);
    expect(existsSync(join(root, program.replace(/^dist\//, '').replace(/\.js$/, '.ts')))).toBe(true);
  });
});

describe('the Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');

  it('starts from pinned images only', () => {
    const images = lines.filter((line) => line.startsWith('FROM '));
    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/^FROM node:\d+\.\d+\.\d+-/);
  });

  it('ends as an ordinary user, with a health check', () => {
    expect(lines.filter((line) => line.startsWith('USER ')).at(-1)).toBe('USER node');
    expect(lines.some((line) => line.startsWith('HEALTHCHECK '))).toBe(true);
  });

  it('copies nothing but what is named, and no secret with it', () => {
    expect(read('.dockerignore').split('\n')[0]).toBe('**');
    expect(read('.dockerignore')).not.toMatch(/^!.*(\.env|\.data)/m);
    expect(lines.filter((line) => /^(ADD|COPY) \. /.test(line))).toEqual([]);
  });
});

describe('the Caddyfile', () => {
  it('routes as the contracts say, to the ports where the services listen', () => {
    const handles = [...read('Caddyfile').matchAll(/handle ?(\S*) \{\s*reverse_proxy ([\w-]+):(\d+)/g)];
    const found = handles.map(([, path = '', service]) => ({ prefix: path.replace(/\*$/, '') || '/', service }));
    expect(found).toEqual(routes.map(({ prefix, service }) => ({ prefix, service })));
    for (const [, , service = '', port] of handles) {
      expect(compose.services[service]?.environment['PORT']).toBe(port);
    }
  });

  const caddy = spawnSync('caddy', ['version']).status === 0;
  (caddy ? it : it.skip)('is accepted by Caddy', () => {
    const args = ['validate', '--adapter', 'caddyfile', '--config', join(root, 'Caddyfile')];
    const done = spawnSync('caddy', args, { encoding: 'utf8' });
    expect({ status: done.status, faults: done.status === 0 ? '' : done.stderr }).toEqual({ status: 0, faults: '' });
  });
});
