/* Stripe's own library beside what was written from its documents: it signs, it checks a signature of ours, and it drives the fake. */
'use strict';
const assert = require('assert');
const Stripe = require(process.argv[2] + '/node_modules/stripe');
const [, , , url, key, version] = process.argv;
const where = new URL(url);
const stripe = new Stripe(key, { host: where.hostname, port: Number(where.port), protocol: 'http', apiVersion: version, telemetry: false });

async function drive() {
  const customer = await stripe.customers.create({ email: 'ada@example.com', metadata: { user_id: 'u1' } });
  assert.strictEqual((await stripe.customers.retrieve(customer.id)).email, 'ada@example.com');
  const wanted = {
    mode: 'payment', line_items: [{ price: 'price_small', quantity: 1 }], customer: customer.id, client_reference_id: 'p1',
    metadata: { purchase_id: 'p1' }, payment_intent_data: { metadata: { purchase_id: 'p1' } }, success_url: 'http://localhost/done',
    cancel_url: 'http://localhost/cancel', adaptive_pricing: { enabled: false }, locale: 'auto',
  };
  const session = await stripe.checkout.sessions.create(wanted, { idempotencyKey: 'one' });
  const again = await stripe.checkout.sessions.create(wanted, { idempotencyKey: 'one' });
  assert.strictEqual(again.id, session.id);
  await assert.rejects(stripe.checkout.sessions.create({ ...wanted, locale: 'it' }, { idempotencyKey: 'one' }), (e) => e.type === 'StripeIdempotencyError');
  await assert.rejects(stripe.checkout.sessions.create({ ...wanted, payment_method_types: ['card'] }), (e) => e.type === 'StripeInvalidRequestError'
    && e.code === 'parameter_unknown');
  await assert.rejects(stripe.checkout.sessions.retrieve('cs_none'), (e) => e.code === 'resource_missing');
  await fetch(session.url, { method: 'POST', body: new URLSearchParams({ how: 'card' }), redirect: 'manual' });
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
  assert.strictEqual(paid.status, 'complete');
  assert.strictEqual(paid.payment_intent.status, 'succeeded');
  assert.strictEqual(paid.payment_intent.metadata.purchase_id, 'p1');
  const refund = await stripe.refunds.create({ payment_intent: paid.payment_intent.id, amount: 100, reason: 'duplicate' });
  assert.strictEqual((await stripe.refunds.list({ payment_intent: paid.payment_intent.id })).data[0].id, refund.id);
  const payment = await stripe.paymentIntents.retrieve(paid.payment_intent.id, { expand: ['latest_charge'] });
  assert.strictEqual(payment.latest_charge.amount_refunded, 100);
  const types = [];
  for await (const event of stripe.events.list({ limit: 2 })) types.push(event.type);
  assert.ok(types.length > 4 && types.includes('checkout.session.completed') && types.includes('charge.refunded'));
  assert.ok((await stripe.billingPortal.sessions.create({ customer: customer.id })).url);
}

function sign(request) {
  return request.map(({ body, secret, at }) => stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: at }));
}

function verify(request) {
  return request.map(({ body, secret, header }) => {
    try {
      return stripe.webhooks.constructEvent(body, header, secret).id;
    } catch (error) {
      return null;
    }
  });
}

async function main() {
  const request = JSON.parse(require('fs').readFileSync(0, 'utf8'));
  const answer = { headers: sign(request.sign), verified: verify(request.verify) };
  await drive();
  console.log(JSON.stringify(answer));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
