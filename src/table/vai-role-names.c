#include "vai-role-names.h"

/* A word a line is no list to read. */
/* clang-format off */
static const char outcome_names[] =
  "outcome|result|status|stage|won|is won|won lost|win loss|won or lost|deal stage|deal status|deal outcome|deal result|"
  "opportunity stage|opportunity status|stage name|sales stage|pipeline stage|quote status|quote outcome|quote result|"
  "quotation status|offer status|offer outcome|proposal status|proposal outcome|bid status|bid result|tender outcome|"
  "tender result|awarded|is awarded|award status|award result|converted|is converted|conversion|lead status|win|"
  "win flag|won flag|lost|is lost|accepted|is accepted|order status|ordered|is ordered|state code|status code|status reason|"
  "statuscode|is closed won|hs is closed won|hs closed won|dealstage|closed status|close status|final status|final outcome|decision|"
  "customer decision|success|successful|is successful|purchased|bought|traded|signed|sale closed|order received|"
  "target|label|class|y|response|overall status|gbstk|closed won|sold|is sold|deal won|opportunity won|quote won|"
  "esito|esito offerta|esito preventivo|esito trattativa|esito gara|esito finale|esito opportunita|esito ordine|stato|"
  "stato offerta|stato preventivo|stato trattativa|stato opportunita|stato ordine|stato gara|stato finale|stato quotazione|"
  "stato pratica|stato commessa|fase|fase opportunita|fase vendita|fase trattativa|fase di vendita|risultato|risultato offerta|risultato gara|"
  "risultato trattativa|vinta|vinto|e vinta|persa|vinta persa|vinta o persa|vinto perso|offerta accettata|preventivo accettato|accettata|"
  "accettato|aggiudicata|aggiudicato|aggiudicazione|gara aggiudicata|ordinato|ordine ricevuto|confermato|confermata|"
  "offerta confermata|trasformato in ordine|convertito|convertita|diventato ordine|decisione|decisione cliente|"
  "chiusura positiva|successo|acquistato|venduto|firmato";

static const char opened_names[] =
  "created|created date|created on|created at|create date|creation date|date created|creation time|date entered|entry date|"
  "entered on|date added|added on|opened|opened date|open date|opened on|date opened|opening date|"
  "opportunity created date|opportunity created|deal created date|deal create date|quote date|quote created date|quotation date|"
  "date of quote|date quoted|quoted on|offer date|date of offer|offered on|proposal date|proposal sent date|bid date|"
  "date of bid|tender date|submission date|submitted on|submitted date|date submitted|sent date|date sent|sent on|"
  "issue date|issued on|date issued|document date|doc date|received date|received on|date received|request date|"
  "requested on|date requested|rfq date|rfq received date|inquiry date|enquiry date|lead date|lead created date|engagement date|"
  "first contact date|registration date|registered on|createdon|createdate|createddate|created time|audat|erdat|angdt|timestamp|"
  "data apertura|data di apertura|aperta il|aperto il|data creazione|data di creazione|creato il|creata il|"
  "data inserimento|data di inserimento|inserito il|inserita il|data offerta|data dell offerta|data preventivo|"
  "data del preventivo|data quotazione|data richiesta|data della richiesta|data emissione|data di emissione|emesso il|"
  "emessa il|emissione|data invio|data di invio|inviato il|inviata il|data invio offerta|data presentazione|"
  "data presentazione offerta|presentata il|data documento|data doc|data registrazione|registrato il|data ricezione|"
  "data ricevimento|ricevuto il|ricevuta il|data inizio trattativa|inizio trattativa|data primo contatto|"
  "data contatto|data lead|data gara|data opportunita|data apertura opportunita|data trattativa|apertura|data rdo|date|data|start date|data inizio";

static const char closed_names[] =
  "closed|closed date|close date|closing date|date closed|closed on|closed at|close|closing|closure date|closure|date of closing|closedate|"
  "closeddate|closed time|actual close date|actual closing date|actualclosedate|deal close date|deal closed date|"
  "opportunity close date|quote closed date|won date|win date|date won|won on|lost date|date lost|lost on|decision date|"
  "date decided|decided on|award date|awarded on|awarded date|date of award|order date|ordered on|date ordered|"
  "date of order|order received date|acceptance date|accepted on|accepted date|date accepted|contract date|"
  "contract signed date|signed date|signed on|date signed|signing date|conversion date|converted date|converted on|"
  "outcome date|result date|completion date|completed on|end date|ended on|date ended|rejection date|rejected on|"
  "purchase date|sale date|date of sale|sold on|confirmation date|confirmed on|bstdk|"
  "data chiusura|data di chiusura|chiusa il|chiuso il|chiusura|data fine|data fine trattativa|data chiusura opportunita|"
  "data chiusura offerta|data chiusura effettiva|data esito|data dell esito|data decisione|deciso il|data ordine|"
  "data dell ordine|ordinato il|data conferma|data di conferma|confermato il|data conferma ordine|data accettazione|"
  "accettata il|accettato il|data aggiudicazione|aggiudicata il|aggiudicato il|data vincita|vinta il|vinto il|"
  "data perdita|persa il|perso il|data firma|data di firma|firmato il|data contratto|data stipula|data vendita|"
  "data acquisto|data acquisizione ordine|data ricevimento ordine|data conversione|convertito il|data conclusione|"
  "concluso il|conclusa il|data rifiuto|rifiutata il|data risultato|data definizione|data chiusura trattativa";

static const char identifier_names[] =
  "id|key|guid|code|number|no|reference|ref|record id|row id|unique id|identifier|external id|opportunity id|opportunity number|"
  "opp id|opp no|deal id|deal number|quote id|quote number|quote no|quote ref|quote reference|quotation number|"
  "quotation no|offer id|offer number|offer no|offer ref|proposal id|proposal number|bid id|bid number|bid no|"
  "tender id|tender number|estimate number|estimate no|rfq number|rfq id|inquiry number|enquiry number|lead id|lead number|"
  "prospect id|account id|account number|customer id|customer number|customer no|customer code|client id|client code|"
  "company id|contact id|order id|order number|document number|document no|document id|doc no|case number|case id|"
  "project id|project number|job number|ticket id|transaction id|serial number|hs object id|crm id|sap number|vbeln|kunnr|"
  "matricola|codice|codice offerta|codice preventivo|codice opportunita|codice trattativa|codice cliente|cod cliente|"
  "codice azienda|codice ordine|codice documento|codice commessa|codice progetto|codice contatto|codice gara|cig|cup|"
  "numero|numero offerta|numero preventivo|numero trattativa|numero opportunita|numero ordine|numero documento|"
  "numero cliente|numero richiesta|numero progetto|numero gara|numero quotazione|nr offerta|nr preventivo|n preventivo|"
  "n ordine|n documento|num documento|num offerta|prot|protocollo|numero protocollo|riferimento|rif|rif offerta|"
  "riferimento offerta|riferimento preventivo|id cliente|id offerta|id preventivo|id opportunita|id trattativa|"
  "id contatto|id azienda|id progetto|id record|chiave|identificativo|progressivo|partita iva|p iva|codice fiscale|vat number";

static const char price_names[] =
  "price|total price|amount|total amount|value|total value|deal value|deal amount|deal size|opportunity amount|"
  "opportunity value|quote amount|quote value|quote total|quoted price|quoted amount|quotation value|quotation amount|"
  "offer amount|offer value|offer price|offered price|proposal value|proposal amount|bid amount|bid price|bid value|"
  "base bid|tender value|tender price|net price|net amount|net value|net total|gross amount|gross price|gross total|grand total|total|"
  "subtotal|list price|unit price|sales price|selling price|sale price|final price|order value|order amount|"
  "close value|closing value|contract value|contract amount|estimated value|estimated revenue|expected revenue|expected amount|revenue|"
  "annual contract value|acv|tcv|arr|mrr|total contract value|line total|extended price|extended amount|invoice amount|"
  "turnover|sales amount|sales value|budget amount|amount in company currency|hs acv|netwr|kzwi1|"
  "prezzo|prezzo totale|prezzo offerta|prezzo offerto|prezzo netto|prezzo lordo|prezzo finale|prezzo unitario|"
  "prezzo di vendita|prezzo vendita|prezzo listino|prezzo di listino|importo|importo totale|importo offerta|"
  "importo preventivo|importo trattativa|importo netto|importo lordo|importo ordine|importo opportunita|importo gara|"
  "importo quotazione|importo contratto|importo complessivo|totale|totale offerta|totale preventivo|totale netto|"
  "totale ordine|totale documento|totale imponibile|valore|valore offerta|valore preventivo|valore trattativa|"
  "valore opportunita|valore ordine|valore netto|valore totale|valore contratto|valore stimato|valore gara|imponibile|"
  "ammontare|ammontare offerta|ricavo|ricavo previsto|ricavi|base d asta|controvalore|netto|netto a pagare";

static const char discount_names[] =
  "discount|discount percent|discount percentage|discount pct|discount rate|discount amount|discount value|disc|disc pct|"
  "disc percent|percent discount|pct discount|total discount|line discount|header discount|customer discount|"
  "quote discount|offer discount|sales discount|special discount|extra discount|additional discount|max discount|"
  "applied discount|discount applied|discount given|discount offered|discount granted|avg discount|average discount|"
  "volume discount|quantity discount|trade discount|cash discount|rebate|rebate percent|rebate amount|price reduction|"
  "reduction|reduction percent|markdown|markdown percent|allowance|price concession|concession|deduction|percent off|"
  "discount level|discount tier|discount code|discount type|discount name|promo discount|promotion|hs discount percentage|"
  "sconto|sconti|sconto percentuale|sconto perc|sconto pct|percentuale sconto|perc sconto|sconto totale|sconto riga|"
  "sconto testata|sconto cliente|sconto offerta|sconto preventivo|sconto commerciale|sconto applicato|sconto concesso|"
  "sconto medio|sconto extra|sconto aggiuntivo|sconto speciale|sconto massimo|sconto quantita|sconto volume|"
  "sconto cassa|sconto finanziario|sconto incondizionato|sconto richiesto|valore sconto|importo sconto|tasso di sconto|"
  "ribasso|ribasso percentuale|ribasso d asta|riduzione|riduzione prezzo|abbuono|premio|promozione|agevolazione";

static const char cost_names[] =
  "cost|costs|total cost|unit cost|cost price|cost amount|cost value|cost total|estimated cost|est cost|expected cost|"
  "actual cost|standard cost|direct cost|indirect cost|product cost|production cost|manufacturing cost|material cost|"
  "materials cost|labor cost|labour cost|project cost|purchase cost|purchase price|buying price|buy price|supplier price|"
  "supplier cost|landed cost|cost of goods|cost of goods sold|cost of sales|cogs|job cost|internal cost|base cost|"
  "net cost|average cost|engineering cost|overhead|overhead cost|service cost|installation cost|freight cost|"
  "transport cost|shipping cost|hs cost of goods sold|wavwr|full cost|variable cost|fixed cost|prime cost|cost per unit|"
  "costo|costi|costo totale|costo unitario|costo stimato|costo previsto|costo standard|costo diretto|costi diretti|"
  "costi indiretti|costo pieno|costo industriale|costo produzione|costo di produzione|costo materiali|costo materiale|"
  "costo manodopera|costo lavorazione|costo prodotto|costo acquisto|costo di acquisto|prezzo acquisto|"
  "prezzo di acquisto|prezzo di costo|costo del venduto|costo commessa|costo progetto|costo interno|costo medio|"
  "costo netto|costo variabile|costi variabili|costi fissi|costo trasporto|costo installazione|costo fornitore|"
  "prezzo fornitore|spese|spese generali|spese totali|totale costi|costo consuntivo|costo preventivato|costo primo";

static const char margin_names[] =
  "margin|margin percent|margin pct|margin percentage|margin amount|margin value|gross margin|gross margin percent|"
  "net margin|profit|profit percent|profit amount|profit margin|gross profit|gross profit percent|net profit|gp|"
  "gp percent|gm|gm percent|contribution|contribution margin|expected margin|estimated margin|est margin|target margin|"
  "planned margin|quote margin|quoted margin|offer margin|deal margin|project margin|sales margin|margin rate|"
  "operating margin|markup|mark up|markup percent|markup amount|mu|mark up percent|earnings|ebitda|ebitda margin|"
  "profitability|total margin|unit margin|margin total|margin on cost|margin on price|estimated profit|expected profit|"
  "margine|margini|margine percentuale|margine perc|percentuale margine|perc margine|margine lordo|margine netto|"
  "margine di contribuzione|margine contribuzione|margine industriale|margine commerciale|margine operativo|"
  "margine offerta|margine preventivo|margine previsto|margine stimato|margine atteso|margine totale|margine unitario|"
  "margine commessa|margine vendita|margine trattativa|primo margine|mdc|mol|marginalita|marginalita percentuale|"
  "valore margine|importo margine|ricarico|ricarico percentuale|perc ricarico|ricarico medio|utile|utile lordo|"
  "utile netto|utile previsto|guadagno|guadagno lordo|guadagno previsto|profitto|profitto lordo|redditivita|guadagno netto";

static const char delivery_names[] =
  "delivery time|delivery days|delivery weeks|delivery|delivery lead time|delivery period|delivery term|delivery terms|"
  "days to deliver|days to delivery|weeks to deliver|weeks to delivery|time to deliver|lead time|lead time days|"
  "lead time weeks|leadtime|quoted lead time|production time|production lead time|production days|production weeks|"
  "shipping time|shipping days|ship time|ship days|days to ship|transit time|transit days|turnaround|turnaround time|"
  "turn around time|delivery duration|expected delivery time|promised delivery time|promised delivery days|"
  "requested delivery days|estimated delivery time|est delivery days|delivery window|delivery offered|manufacturing time|"
  "manufacturing lead time|fulfillment time|fulfilment days|supply time|availability days|delivery time days|plifz|"
  "completion time|project duration|implementation time|delivery months|execution time|processing days|"
  "consegna|tempo consegna|tempo di consegna|tempi consegna|tempi di consegna|giorni consegna|giorni di consegna|"
  "giorni per la consegna|gg consegna|settimane consegna|settimane di consegna|sett consegna|mesi consegna|"
  "termine consegna|termine di consegna|termini consegna|termini di consegna|consegna giorni|consegna settimane|"
  "consegna gg|consegna proposta|consegna offerta|consegna promessa|consegna prevista giorni|lead time giorni|"
  "lead time consegna|tempo produzione|tempo di produzione|tempi di produzione|giorni produzione|tempo evasione|"
  "tempi di evasione|giorni evasione|tempo spedizione|tempi di spedizione|giorni spedizione|tempo approntamento|"
  "giorni approntamento|approntamento merce|tempo di attesa|tempo fornitura|tempi di fornitura|tempo esecuzione|"
  "giorni lavorativi consegna|durata lavori|tempo realizzazione|tempi realizzazione|resa giorni|termine resa";

static const char sector_names[] =
  "sector|industry|industry sector|industry type|industry name|industry code|industry segment|industry group|"
  "industry vertical|vertical|vertical market|market|market segment|market sector|customer sector|customer industry|"
  "customer segment|customer vertical|customer market|client sector|client industry|client segment|account industry type|"
  "account sector|account segment|company sector|company industry|company segment|business sector|business segment|"
  "business type|type of business|line of business|business line|business activity|business area|activity sector|"
  "economic sector|trade|branch|branch of industry|field of business|segment|end market|end use market|sic|sic code|"
  "naics|naics code|nace|nace code|industrycode|brsch|buyer industry|prospect industry|organization industry|"
  "settore|settore cliente|settore del cliente|settore attivita|settore di attivita|settore merceologico|"
  "settore industriale|settore economico|settore aziendale|settore mercato|settore di mercato|settore di appartenenza|"
  "settore impresa|settore produttivo|macro settore|macrosettore|industria|tipo industria|comparto|"
  "comparto industriale|comparto merceologico|ramo|ramo industriale|ramo attivita|ramo d azienda|ateco|codice ateco|"
  "attivita|attivita cliente|tipo attivita|tipologia attivita|attivita economica|attivita prevalente|mercato|"
  "mercato cliente|mercato di riferimento|mercato di sbocco|segmento|segmento cliente|segmento di mercato|"
  "segmento mercato|categoria merceologica cliente|filiera|categoria attivita|codice settore|descrizione settore";

static const char size_names[] =
  "employees|number of employees|no of employees|num employees|employee count|employee number|employee range|"
  "employee band|staff|staff size|staff count|number of staff|headcount|head count|fte|workforce|workers|size|"
  "company size|customer size|client size|account size|business size|firm size|organization size|organisation size|"
  "buyer size|prospect size|size class|size band|size category|size of company|size of customer|"
  "company size class|customer size class|annual revenue|annualrevenue|annual turnover|yearly revenue|company revenue|"
  "company turnover|customer turnover|customer revenue|account revenue|account annual revenue|client revenue|numberofemployees|"
  "numemployees|enterprise size|customer class|customer tier|account tier|client tier|sales volume customer|sme|"
  "dimensione|dimensioni|dimensione cliente|dimensioni cliente|dimensione azienda|dimensioni azienda|"
  "dimensione aziendale|dimensione impresa|classe dimensionale|classe dimensione|fascia dimensionale|"
  "fascia dimensione|taglia|taglia cliente|taglia azienda|grandezza azienda|grandezza cliente|dipendenti|"
  "numero dipendenti|n dipendenti|nr dipendenti|num dipendenti|dipendenti azienda|dipendenti cliente|"
  "fascia dipendenti|classe dipendenti|addetti|numero addetti|n addetti|nr addetti|num addetti|fascia addetti|addetti azienda|"
  "organico|numero persone|forza lavoro|fatturato|fatturato annuo|fatturato cliente|fatturato azienda|"
  "fatturato annuale|classe fatturato|classe di fatturato|fascia fatturato|fascia di fatturato|volume d affari|"
  "volume affari|giro d affari|pmi|classe cliente|ricavi annui cliente|ula";

static const char channel_names[] =
  "channel|sales channel|channel name|channel type|channel code|sale channel|order channel type|distribution channel|"
  "distribution|distributor|distribution type|marketing channel|acquisition channel|contact channel|communication channel|"
  "customer channel|partner channel|channel partner|partner type|partner|reseller|dealer|dealer type|indirect|"
  "direct indirect|direct or indirect|direct sale|is direct|is partner|is partner sale|route to market|rtm|go to market|"
  "sales route|sales method|selling method|sales path|sales mode|sales type channel|delivery channel|purchase channel|"
  "buying channel|trade channel|retail channel|sell through|sell to|via partner|through partner|vtweg|channelcode|"
  "online offline|web or phone|store type|contact method|contact type|contact mode|medium|"
  "canale|canali|canale vendita|canale di vendita|canale vendite|canale commerciale|canale distribuzione|"
  "canale di distribuzione|canale distributivo|canale cliente|canale contatto|canale di contatto|canale ordine|"
  "canale acquisizione|canale di acquisizione|canale acquisto|canale offerta|canale trattativa|nome canale|"
  "codice canale|tipo canale vendita|tipologia canale|descrizione canale|canale partner|canale diretto|"
  "diretto indiretto|vendita diretta|vendita indiretta|tipo vendita canale|modalita vendita|modalita di vendita|"
  "modalita contatto|modalita di contatto|via di vendita|rete vendita|rete di vendita|rete distributiva|distributore|"
  "distribuzione|rivenditore|tramite partner|tramite rivenditore|tipo distributore|concessionario|grossista|intermediario|"
  "mezzo di contatto|tipo rivenditore|punto vendita|tipo partner";

static const char rep_names[] =
  "sales rep|salesrep|rep|rep name|sales rep name|sales representative|representative|salesperson|sales person|salesman|"
  "sales man|seller|seller name|sales agent|agent|agent name|sales executive|account executive|account manager|"
  "account owner|owner|owner name|owner id|ownerid|deal owner|opportunity owner|quote owner|lead owner|record owner|"
  "hubspot owner id|hubspot owner name|assigned to|assigned rep|assigned sales rep|assigned user|responsible|"
  "responsible person|sales responsible|sales manager|area manager|key account manager|kam|sales engineer|"
  "estimator|quoted by user|prepared by|created by|entered by|sales employee|employee responsible|sales user|"
  "internal sales|inside sales rep|field sales rep|bdm|business development manager|sales team member|vkgrp|user name|sales owner|"
  "venditore|nome venditore|venditore responsabile|agente|nome agente|codice agente|agente commerciale|agente di vendita|"
  "agente vendita|agente di riferimento|commerciale|commerciale di riferimento|nome commerciale|responsabile|"
  "responsabile commerciale|responsabile vendite|responsabile vendita|responsabile cliente|responsabile trattativa|"
  "responsabile offerta|responsabile opportunita|responsabile area|rappresentante|rappresentante vendite|"
  "addetto commerciale|addetto vendite|funzionario|funzionario commerciale|funzionario vendite|assegnato a|"
  "assegnata a|assegnatario|proprietario|proprietario opportunita|proprietario trattativa|proprietario offerta|"
  "titolare trattativa|capo area|capoarea|area manager vendite|referente commerciale|referente interno|"
  "referente vendite|preventivista|offerta redatta da|redatto da|creato da|inserito da|operatore|operatore commerciale|"
  "consulente commerciale|tecnico commerciale|key account";

static const char source_names[] =
  "lead source|leadsource|leads source|lead origin|source|source type|source name|source of lead|source of business|"
  "source of enquiry|source of inquiry|enquiry source|inquiry source|opportunity source|deal source|quote source|"
  "contact source|account source|customer source|prospect source|request source|origin|lead channel source|"
  "lead generation source|lead generated by|campaign source|campaign name|campaign|marketing campaign|marketing source name|"
  "original source|original source type|traffic source|first source|first touch source|last source|latest source|"
  "utm source|referral source|referrer|referred by|referral|hs analytics source data|hs lead source|how did you hear|"
  "how did you hear about us|how they found us|how found|found us through|acquisition source|business source|"
  "originating lead source|leadsourcecode|lead source code|lead type source|lead provider|first click source|"
  "provenienza|provenienza lead|provenienza contatto|provenienza cliente|provenienza richiesta|"
  "provenienza opportunita|origine|origine lead|origine cliente|origine richiesta|origine opportunita|"
  "origine trattativa|origine offerta|origine del contatto|origine del lead|fonte|fonte lead|fonte contatto|"
  "fonte del lead|fonte del contatto|fonte cliente|fonte richiesta|fonte acquisizione|fonte di acquisizione|"
  "fonte trattativa|fonte segnalazione|fonte originaria|sorgente|sorgente lead|sorgente contatto|campagna|"
  "nome campagna|campagna marketing|campagna di origine|segnalato da|segnalatore|segnalazione|segnalazione da|"
  "come ci hai conosciuto|come ci ha conosciuto|come ci avete conosciuto|conosciuti tramite|"
  "contatto ricevuto da|richiesta arrivata da|arrivato da|acquisito tramite|tipo provenienza|tipo origine";

/* Common columns that have none of the roles. */
static const char feature_names[] =
  "customer name|customer|client|client name|account|account name|company|company name|contact name|contact|name|"
  "first name|last name|opportunity name|deal name|project name|project|project description|quote name|description|notes|note|"
  "comments|comment|remarks|email|phone|mobile|fax|website|url|address|street|street address|city|town|region|area|zone|"
  "territory|state|province|county|country|country code|zip|zip code|postal code|latitude|longitude|language|nationality|"
  "gender|sex|age|birth date|birthday|date of birth|marital|education|job|job title|title|occupation|product|product name|"
  "product code|product family|product line|product group|product category|product type|item|item name|item type|"
  "material|material group|model|brand|series|version|category|type|deal type|opportunity type|quote type|order type|"
  "project type|bid type|customer type|client type|account type|new customer|existing customer|"
  "existing client|is new|quantity|qty|quantity requested|units|volume|weight|length|width|height|color|"
  "number of items|number of lines|number of products|number of visits|number of calls|number of contacts|"
  "number of offers|total visits|page views|time spent|time on website|currency|currency code|exchange rate|tax|vat|"
  "tax rate|payment terms|payment method|payment status|payment days|financing|warranty|warranty months|validity|"
  "validity days|valid until|expiry date|expiration date|expires on|due date|delivery date|requested delivery date|"
  "expected delivery date|ship date|shipping address|shipping country|shipping method|delivery address|incoterm|"
  "expected close date|estimated close date|last activity|last activity date|last contact date|last modified|"
  "modified on|modified by|updated at|last update|next step|next activity date|probability|win probability|"
  "forecast|forecast category|score|lead score|lead quality|rating|credit rating|priority|urgency|importance|"
  "complexity|difficulty|risk|competitor|competitors|competitor present|number of competitors|lost reason|"
  "loss reason|reason|win reason|tags|fiscal year|fiscal period|year|month|quarter|week|day|department|dept|division|"
  "business unit|office|plant|site|warehouse|sales office|sales area|sales team|team|revision|revision number|distance|years as customer|"
  "customer since|satisfaction|previous orders|past orders|relationship|contract type|contract duration|service level|"
  "interest|interest rate|active|is active|subscribed|currency iso|bid|"
  "cliente|nome cliente|ragione sociale|azienda|nome azienda|contatto|nome contatto|nome|cognome|descrizione|"
  "descrizione offerta|oggetto|oggetto offerta|commento|commenti|osservazioni|indirizzo|via|citta|comune|localita|"
  "provincia|regione|nazione|paese|cap|zona|area geografica|territorio|lingua|sesso|eta|data di nascita|telefono|"
  "cellulare|sito web|prodotto|nome prodotto|codice prodotto|famiglia prodotto|linea prodotto|gruppo prodotto|"
  "categoria prodotto|tipo prodotto|articolo|codice articolo|materiale|modello|marca|macchina|impianto|versione|"
  "categoria|tipo|tipologia|tipo offerta|tipo cliente|tipo ordine|tipo contratto|tipo progetto|nuovo cliente|"
  "cliente nuovo|quantita|pezzi|numero pezzi|volume|peso|lunghezza|larghezza|altezza|colore|numero righe|"
  "numero articoli|numero prodotti|numero visite|numero revisioni|numero contatti|valuta|divisa|cambio|iva|aliquota iva|"
  "pagamento|condizioni pagamento|condizioni di pagamento|termini di pagamento|modalita di pagamento|"
  "metodo pagamento|stato pagamento|finanziamento|garanzia|garanzia mesi|validita|validita offerta|scadenza|"
  "data scadenza|data di scadenza|data consegna|data di consegna|data consegna richiesta|data consegna prevista|"
  "data spedizione|data prevista chiusura|chiusura prevista|ultima attivita|data ultima attivita|ultimo contatto|data ultima modifica|"
  "ultima modifica|modificato il|modificato da|prossima attivita|probabilita|probabilita di vincita|previsione|"
  "punteggio|valutazione|priorita|urgenza|importanza|complessita|difficolta|rischio|concorrente|concorrenti|"
  "concorrenza|motivo|motivo perdita|causale|etichette|anno|mese|trimestre|settimana|giorno|reparto|ufficio|divisione|"
  "filiale|sede|stabilimento|magazzino|area vendite|squadra|revisione|distanza|anni cliente|cliente dal|soddisfazione|"
  "ordini precedenti|relazione|attivo|note interne|resa|porto|trasporto|imballo|spedizione";

const char *
vai_role_names (VaiRole role)
{
  static const char *const names[VAI_N_ROLES] = {
    [VAI_ROLE_FEATURE] = feature_names,        [VAI_ROLE_OUTCOME] = outcome_names,
    [VAI_ROLE_OPENED_DATE] = opened_names,     [VAI_ROLE_CLOSED_DATE] = closed_names,
    [VAI_ROLE_IDENTIFIER] = identifier_names,  [VAI_ROLE_PRICE] = price_names,
    [VAI_ROLE_DISCOUNT] = discount_names,      [VAI_ROLE_COST] = cost_names,
    [VAI_ROLE_MARGIN] = margin_names,          [VAI_ROLE_DELIVERY_TIME] = delivery_names,
    [VAI_ROLE_CUSTOMER_SECTOR] = sector_names, [VAI_ROLE_CUSTOMER_SIZE] = size_names,
    [VAI_ROLE_CHANNEL] = channel_names,        [VAI_ROLE_SALES_REP] = rep_names,
    [VAI_ROLE_LEAD_SOURCE] = source_names,
  };
  return names[role];
}

const char *const *
vai_role_synonyms (void)
{
  static const char *const pairs[] = {
    "dt", "date", "data", "date", "datum", "date", "datetime", "date", "dat", "date",
    "num", "number", "nr", "number", "no", "number", "n", "number", "nbr", "number", "numero", "number", "nro", "number",
    "pct", "percent", "perc", "percent", "percentage", "percent", "percentuale", "percent", "pc", "percent",
    "amt", "amount", "importo", "amount", "val", "value", "valore", "value", "tot", "total", "totale", "total",
    "cust", "customer", "cliente", "customer", "clienti", "customer", "client", "customer", "buyer", "customer",
    "acct", "account", "acc", "account", "azienda", "company", "aziendale", "company", "ditta", "company", "impresa", "company",
    "firm", "company", "organization", "company", "organisation", "company", "enterprise", "company",
    "opp", "opportunity", "oppty", "opportunity", "opportunita", "opportunity", "trattativa", "deal",
    "quotation", "quote", "qt", "quote", "quotazione", "quote", "preventivo", "quote", "prev", "quote", "estimate", "quote",
    "offerta", "offer", "off", "offer", "offerte", "offer", "proposal", "offer", "gara", "tender", "asta", "tender",
    "ordine", "order", "ord", "order", "documento", "document", "doc", "document", "ref", "reference", "rif", "reference",
    "riferimento", "reference", "cod", "code", "cd", "code", "codice", "code", "uuid", "guid", "est", "estimated", "stimato", "estimated",
    "previsto", "expected", "qta", "quantity", "qty", "quantity", "quantita", "quantity",
    "gg", "days", "giorni", "days", "dd", "days", "wk", "weeks", "wks", "weeks", "settimane", "weeks", "sett", "weeks",
    "mths", "months", "mesi", "months", "resp", "responsabile", "exec", "executive", "mgr", "manager", "desc", "description",
    "descr", "description", "descrizione", "description", "rdo", "rfq", "enquiry", "inquiry", "richiesta", "inquiry", "contatto", "contact",
    "mkt", "marketing", "chan", "channel", "prob", "probability", "emp", "employees", "prod", "product", "prodotto", "product",
    "tipologia", "tipo", "std", "standard", "avg", "average", "medio", "average", "lbl", "label", "stato", "status",
    "ind", "industry", "labor", "labour", "ricevuto", "received", "ricezione", "received", "ricevimento", "received",
    NULL,
  };
  return pairs;
}
