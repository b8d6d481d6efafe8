<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>GeoLoop</name>
    <message>
      <location filename="../plugin.py" />
      <source>Review…</source>
      <translation>Prüfen…</translation>
    </message>
    <message>
      <location filename="../plugin.py" />
      <source>Run a round of the loop…</source>
      <translation>Eine Runde der Schleife ausführen…</translation>
    </message>
    <message>
      <location filename="../plugin.py" />
      <source>Engine…</source>
      <translation>Rechenkern…</translation>
    </message>
    <message>
      <location filename="../plugin.py" />
      <source>Add the example chains to the toolbox</source>
      <translation>Die Beispielketten in die Werkzeugkiste legen</translation>
    </message>
    <message>
      <location filename="../plugin.py" />
      <source>Options…</source>
      <translation>Optionen…</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm.py" />
      <source>Engine</source>
      <translation>Rechenkern</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm.py" />
      <source>Sources</source>
      <translation>Quellen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm.py" />
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm.py" />
      <source>Loop</source>
      <translation>Schleife</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithm.py" />
      <source>Review</source>
      <translation>Prüfung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Align map layers with imagery</source>
      <translation>Kartenlayer an Bildern ausrichten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>alignment</source>
      <translation>Ausrichtung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>shift</source>
      <translation>Verschiebung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>offset</source>
      <translation>Versatz</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>registration</source>
      <translation>Registrierung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>rubber sheet</source>
      <translation>Entzerrung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>conflation</source>
      <translation>Abgleich</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>georeferencer</source>
      <translation>Georeferenzierung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>buildings</source>
      <translation>Gebäude</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Moves the features of map layers to where the imagery shows them: by the smooth field of shifts that neighbours share, and by themselves where the imagery insists. A feature that the imagery does not show stays where it is. Which of the two is right, imagery or map, is not said.</source>
      <translation>Schiebt die Objekte von Kartenlayern dorthin, wo die Bilder sie zeigen: um das glatte Feld von Verschiebungen, das Nachbarn gemeinsam haben, und für sich allein, wo die Bilder darauf bestehen. Ein Objekt, das die Bilder nicht zeigen, bleibt, wo es ist. Wer von beiden recht hat, Bild oder Karte, wird nicht gesagt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Default: none, PROBABILITIES gives the grid.</source>
      <translation>Vorgabe: keine, PROBABILITIES gibt das Raster vor.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>What a model says of the imagery: a raster with one band a class, named by class, from 0 to 1, as geoloop:fuse or geoloop:predict writes it. Default: empty, a network is fitted on IMAGERY as in geoloop:fuse.</source>
      <translation>Was ein Modell von den Bildern sagt: ein Raster mit einem Band je Klasse, nach ihr benannt, von 0 bis 1, wie geoloop:fuse oder geoloop:predict es schreiben. Vorgabe: leer, ein Netz wird an IMAGERY angepasst wie in geoloop:fuse.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>The vector layers to align, one at least. Each needs a CRS and a name of its own.</source>
      <translation>Die auszurichtenden Vektorlayer, mindestens einer. Jeder braucht ein KBS und einen eigenen Namen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Whether the imagery looks at the ground at a slant, so that roofs do not lie above their footprints: nothing is moved then. Default: no.</source>
      <translation>Ob die Bilder schräg auf den Boden blicken, sodass Dächer nicht über ihren Grundrissen liegen: dann wird nichts verschoben. Vorgabe: nein.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>How far a feature may lie off, in metres on the ground; at most 40 pixels. Default: 10.</source>
      <translation>Wie weit ein Objekt danebenliegen darf, in Metern am Boden; höchstens 40 Pixel. Vorgabe: 10.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>The GeoPackage to write: a copy of each map layer with its features moved, a table each, named like the layer.</source>
      <translation>Das GeoPackage, das geschrieben wird: eine Kopie jedes Kartenlayers mit verschobenen Objekten, je eine Tabelle, benannt wie der Layer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>The shifts as lines from where a feature lies to where it belongs, with the fields layer, key, dx_m and dy_m (metres eastward and northward), length_m, confidence (0 to 1), field_dx_m and field_dy_m (what neighbours share), alone and turn_deg (degrees clockwise). Default: not written.</source>
      <translation>Die Verschiebungen als Linien von dort, wo ein Objekt liegt, dorthin, wo es hingehört, mit den Feldern layer, key, dx_m und dy_m (Meter nach Osten und Norden), length_m, confidence (0 bis 1), field_dx_m und field_dy_m (was Nachbarn gemeinsam haben), alone und turn_deg (Grad im Uhrzeigersinn). Vorgabe: nicht geschrieben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>The field that neighbours share as ground control points, for QGIS's georeferencer. Default: not written.</source>
      <translation>Das Feld, das Nachbarn gemeinsam haben, als Passpunkte für die Georeferenzierung von QGIS. Vorgabe: nicht geschrieben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Features moved</source>
      <translation>Verschobene Objekte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Neighbourhoods that lie off as a whole</source>
      <translation>Nachbarschaften, die als Ganzes danebenliegen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>OUTPUT and SHIFTS name the same file; give them different names.</source>
      <translation>OUTPUT und SHIFTS nennen dieselbe Datei; gib ihnen verschiedene Namen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>MAP names no layer; give at least one to be aligned.</source>
      <translation>MAP nennt keinen Layer; gib mindestens einen an, der ausgerichtet werden soll.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Neither IMAGERY nor PROBABILITIES names a layer; give one of them.</source>
      <translation>Weder IMAGERY noch PROBABILITIES nennt einen Layer; gib einen davon an.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Class probabilities</source>
      <translation>Klassenwahrscheinlichkeiten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Imagery is off nadir</source>
      <translation>Die Bilder sind schräg aufgenommen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Reach</source>
      <translation>Reichweite</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Moved copies</source>
      <translation>Verschobene Kopien</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>GeoPackage (*.gpkg)</source>
      <translation>GeoPackage (*.gpkg)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Shifts</source>
      <translation>Verschiebungen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Control points</source>
      <translation>Passpunkte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/align.py" />
      <source>Control points (*.points)</source>
      <translation>Passpunkte (*.points)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Decide</source>
      <translation>Entscheiden</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>review</source>
      <translation>Prüfung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>accept</source>
      <translation>annehmen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>reject</source>
      <translation>ablehnen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>ledger</source>
      <translation>Register</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>bulk</source>
      <translation>in Massen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Records what a reviewer says of discrepancies: accept, reject or unsure. Decisions are appended to the ledger, all or none; nothing said earlier is overwritten, the newest one counts. Give either EXPRESSION, to decide all discrepancies it is true for, or REVIEWED, a layer that says the decision of each.</source>
      <translation>Hält fest, was jemand beim Prüfen von Unstimmigkeiten sagt: accept (annehmen), reject (ablehnen) oder unsure (unsicher). Entscheidungen werden ans Register angehängt, alle oder keine; nichts früher Gesagtes wird überschrieben, das Neueste zählt. Gib entweder EXPRESSION an, um alle Unstimmigkeiten zu entscheiden, für die der Ausdruck gilt, oder REVIEWED, einen Layer, der die Entscheidung jeder einzelnen nennt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Ledger</source>
      <translation>Register</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>The ledger (GeoPackage) that holds the discrepancies.</source>
      <translation>Das Register (GeoPackage), das die Unstimmigkeiten enthält.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Discrepancies to decide</source>
      <translation>Zu entscheidende Unstimmigkeiten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>A QGIS expression over the ledger's layer 'review' (columns uid, kind, edit, class_now, class_proposed, probability, status, target_layer, area_m2 in square metres and more), for example "probability" &gt;= 0.9 AND "kind" = 'missing'. Discrepancies that have a decision already are decided again only if the expression speaks of "status"; those that a newer round has judged anew, or whose like was rejected, are decided only if it speaks of "round". Nothing of OpenStreetMap's layers (by the licence in SOURCES) is accepted so. Default: none.</source>
      <translation>Ein QGIS-Ausdruck über den Layer „review“ des Registers (Spalten uid, kind, edit, class_now, class_proposed, probability, status, target_layer, area_m2 in Quadratmetern und weitere), zum Beispiel "probability" &gt;= 0.9 AND "kind" = 'missing'. Bereits entschiedene Unstimmigkeiten werden nur dann neu entschieden, wenn der Ausdruck von "status" spricht; solche, die eine neuere Runde neu beurteilt hat oder die Abgelehntem gleichen, nur dann, wenn er von "round" spricht. Aus Layern von OpenStreetMap (nach der Lizenz in SOURCES) wird so nichts angenommen. Vorgabe: keiner.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Reviewed layer</source>
      <translation>Geprüfter Layer</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>A layer or table with the columns uid and decision (accept, reject or unsure; empty: not reviewed yet) and, where wanted, reason and reviewer. What was changed before it was accepted stands in the columns proposal (the geometry as WKT, in the ledger's CRS) and values (a JSON object of columns and values); empty: as proposed. DECISION is not used then. Default: none.</source>
      <translation>Ein Layer oder eine Tabelle mit den Spalten uid und decision (accept, reject oder unsure; leer: noch nicht geprüft) und, wenn gewünscht, reason und reviewer. Was vor dem Annehmen geändert wurde, steht in den Spalten proposal (die Geometrie als WKT, im KBS des Registers) und values (ein JSON-Objekt von Spalten und Werten); leer: wie vorgeschlagen. DECISION wird dann nicht verwendet. Vorgabe: keiner.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Decision</source>
      <translation>Entscheidung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>What is decided where EXPRESSION is true: accept, reject or unsure. Default: accept.</source>
      <translation>Was entschieden wird, wo EXPRESSION gilt: accept, reject oder unsure. Vorgabe: accept.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Reason</source>
      <translation>Grund</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Why, in a few words; kept with each decision that has none of its own. Default: empty.</source>
      <translation>Warum, in wenigen Worten; steht bei jeder Entscheidung, die keinen eigenen hat. Vorgabe: leer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Reviewer</source>
      <translation>Prüfer</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Who decides; kept with each decision that names nobody itself. Default: empty.</source>
      <translation>Wer entscheidet; steht bei jeder Entscheidung, die selbst niemanden nennt. Vorgabe: leer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Number of decisions recorded</source>
      <translation>Zahl der festgehaltenen Entscheidungen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>Give either EXPRESSION or REVIEWED, so that it is said which discrepancies are decided.</source>
      <translation>Gib entweder EXPRESSION oder REVIEWED an, damit klar ist, welche Unstimmigkeiten entschieden werden.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>No discrepancy was decided: none matches.</source>
      <translation>Keine Unstimmigkeit wurde entschieden: keine passt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>The ledger {ledger} has no layer 'review'; name a ledger that GeoLoop made.</source>
      <translation>Das Register {ledger} hat keinen Layer „review“; nenne ein Register, das GeoLoop angelegt hat.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>there is no column {column}</source>
      <translation>es gibt keine Spalte {column}</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>EXPRESSION {text} cannot be used ({why}); mend it.</source>
      <translation>EXPRESSION {text} ist nicht verwendbar ({why}); verbessere den Ausdruck.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>REVIEWED ({layer}) proposes for {uid} what is no valid geometry; mend it, or leave the column empty. Nothing was recorded.</source>
      <translation>REVIEWED ({layer}) schlägt für {uid} etwas vor, das keine gültige Geometrie ist; verbessere es, oder lass die Spalte leer. Nichts wurde festgehalten.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>The ledger {ledger} has no discrepancy {uid}; choose the ledger that REVIEWED came from. Nothing was recorded.</source>
      <translation>Das Register {ledger} hat keine Unstimmigkeit {uid}; wähle das Register, aus dem REVIEWED stammt. Nichts wurde festgehalten.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>EXPRESSION {text} cannot be used (it is neither true nor false, but {value}); mend it.</source>
      <translation>EXPRESSION {text} ist nicht verwendbar (weder wahr noch falsch, sondern {value}); verbessere den Ausdruck.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>REVIEWED ({layer}) has no column {name}; it needs the columns uid and decision.</source>
      <translation>REVIEWED ({layer}) hat keine Spalte {name}; gebraucht werden uid und decision.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>REVIEWED ({layer}) says {word} of {uid}; a decision is accept, reject or unsure. Nothing was recorded.</source>
      <translation>REVIEWED ({layer}) sagt {word} von {uid}; eine Entscheidung ist accept, reject oder unsure. Nichts wurde festgehalten.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>REVIEWED ({layer}) has two rows of {uid} that do not say the same; keep one. Nothing was recorded.</source>
      <translation>REVIEWED ({layer}) hat zwei Zeilen zu {uid}, die nicht dasselbe sagen; behalte eine. Nichts wurde festgehalten.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/decide.py" />
      <source>{count} decisions are of features that nothing is flagged of (their uid is empty); they are left out: only the review dock records them.</source>
      <translation>{count} Entscheidungen betreffen Objekte, an denen nichts bemängelt ist (ihre uid ist leer); sie bleiben außen vor: Nur das Prüfungsfenster hält sie fest.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Examine the engine</source>
      <translation>Den Rechenkern untersuchen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>doctor</source>
      <translation>Diagnose</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>diagnosis</source>
      <translation>Diagnose</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>gpu</source>
      <translation>gpu</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>cuda</source>
      <translation>cuda</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>versions</source>
      <translation>Versionen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>engine</source>
      <translation>Rechenkern</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Says which engine GeoLoop would use: interpreter, versions of its libraries, device, and free memory. A real computation is run on the device, and coordinate systems are really looked up, so that what is reported works.</source>
      <translation>Sagt, welchen Rechenkern GeoLoop verwenden würde: Interpreter, Versionen seiner Bibliotheken, Gerät und freien Speicher. Auf dem Gerät wird wirklich gerechnet, und Koordinatensysteme werden wirklich nachgeschlagen, sodass das, was gemeldet wird, auch geht.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>The engine's interpreter</source>
      <translation>Der Interpreter des Rechenkerns</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>What named the interpreter</source>
      <translation>Was den Interpreter genannt hat</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Device</source>
      <translation>Gerät</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Name of the device</source>
      <translation>Name des Geräts</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>CUDA compute capability of the device</source>
      <translation>CUDA-Rechenfähigkeit des Geräts</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Threads that the CPU computes with</source>
      <translation>Threads, mit denen der Prozessor rechnet</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Whether a computation on the device succeeded</source>
      <translation>Ob eine Rechnung auf dem Gerät gelang</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Whether coordinate systems are found</source>
      <translation>Ob Koordinatensysteme gefunden werden</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Free memory (MB)</source>
      <translation>Freier Speicher (MB)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Free memory of the device (MB)</source>
      <translation>Freier Speicher des Geräts (MB)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>Versions of the engine's libraries (JSON)</source>
      <translation>Versionen der Bibliotheken des Rechenkerns (JSON)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/doctor.py" />
      <source>The engine is {python}, named by {named_by}.</source>
      <translation>Der Rechenkern ist {python}, genannt von {named_by}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Embed imagery</source>
      <translation>Bilder einbetten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>embedding</source>
      <translation>Einbettung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>foundation model</source>
      <translation>Grundmodell</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>similarity search</source>
      <translation>Ähnlichkeitssuche</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>clustering</source>
      <translation>Gruppierung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>urban form</source>
      <translation>Stadtform</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>local climate zones</source>
      <translation>lokale Klimazonen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>galileo</source>
      <translation>galileo</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>presto</source>
      <translation>presto</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>satclip</source>
      <translation>satclip</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>moran</source>
      <translation>Moran</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>principal components</source>
      <translation>Hauptkomponenten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Turns each block of imagery into what a public foundation model sees in it: components to make maps with, how like each place is to features that you choose, or groups for a typology. Written as a raster of blocks or as attributes of features. For each component Moran's I says whether it lies in patches or is noise.</source>
      <translation>Macht aus jedem Block der Bilder, was ein öffentliches Grundmodell darin sieht: Komponenten, um Karten daraus zu machen, wie sehr jeder Ort Objekten gleicht, die du wählst, oder Gruppen für eine Typologie. Geschrieben als Raster von Blöcken oder als Attribute von Objekten. Für jede Komponente sagt Morans I, ob sie in Flecken liegt oder Rauschen ist.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>An encoder and the file of its public weights, such as galileo_nano:/data/encoder.pt, or the file alone where only one encoder fits it. The documentation lists them under Encoders and foundation models.</source>
      <translation>Ein Encoder und die Datei seiner öffentlichen Gewichte, etwa galileo_nano:/data/encoder.pt, oder die Datei allein, wo nur ein Encoder zu ihr passt. Die Dokumentation zählt sie unter „Encoders and foundation models“ auf.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>The layer whose features are embedded, or hold the example. Default: none, blocks alone.</source>
      <translation>Der Layer, dessen Objekte eingebettet werden oder das Beispiel enthalten. Vorgabe: keiner, nur Blöcke.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>embed: the components themselves. similar: how like each place is to the features that LIKE picks. cluster: which group each place belongs to. Default: embed.</source>
      <translation>embed: die Komponenten selbst. similar: wie sehr jeder Ort den Objekten gleicht, die LIKE auswählt. cluster: zu welcher Gruppe jeder Ort gehört. Vorgabe: embed.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Which features of MAP are the example for similar: an SQL condition, such as "name" = 'Old town'. Default: none.</source>
      <translation>Welche Objekte von MAP das Beispiel für similar sind: eine SQL-Bedingung, etwa "name" = 'Old town'. Vorgabe: keine.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>How many groups cluster finds. Default: 8.</source>
      <translation>Wie viele Gruppen cluster findet. Vorgabe: 8.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>How many components of the encoder's vectors are kept. Default: 16.</source>
      <translation>Wie viele Komponenten der Vektoren des Encoders behalten werden. Vorgabe: 16.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>The side of a block in pixels. Default: 0, the encoder's coarsest cells.</source>
      <translation>Die Seite eines Blocks in Pixeln. Vorgabe: 0, die gröbsten Zellen des Encoders.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Adds bands that say where on Earth a block lies, to a raster of embed: sphere, or a SatCLIP encoder with its file, such as satclip_vit16_l40:/data/satclip.ckpt. Default: empty, none.</source>
      <translation>Fügt einem Raster von embed Bänder hinzu, die sagen, wo auf der Erde ein Block liegt: sphere, oder ein SatCLIP-Encoder mit seiner Datei, etwa satclip_vit16_l40:/data/satclip.ckpt. Vorgabe: leer, keine.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>What stands in for bands that the encoder cannot do without. refuse: nothing, the run stops. mean: their mean in pretraining. Default: refuse.</source>
      <translation>Was für Bänder einsteht, ohne die der Encoder nicht auskommt. refuse: nichts, der Lauf hört auf. mean: ihr Mittel beim Vortrainieren. Vorgabe: refuse.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>A raster of blocks if it ends in .tif, the features of MAP with attributes if in .gpkg.</source>
      <translation>Ein Raster von Blöcken, wenn es auf .tif endet, die Objekte von MAP mit Attributen, wenn auf .gpkg.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Moran's I of each component</source>
      <translation>Morans I jeder Komponente</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>To find what is similar, MAP must name a layer and LIKE pick features of it.</source>
      <translation>Um Ähnliches zu finden, muss MAP einen Layer nennen und LIKE Objekte davon auswählen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>To find what is similar, LIKE must pick the features of MAP that are the example.</source>
      <translation>Um Ähnliches zu finden, muss LIKE die Objekte von MAP auswählen, die das Beispiel sind.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Features</source>
      <translation>Objekte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Task</source>
      <translation>Aufgabe</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Example</source>
      <translation>Beispiel</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Groups</source>
      <translation>Gruppen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Components</source>
      <translation>Komponenten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Block</source>
      <translation>Block</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Location encoder</source>
      <translation>Orts-Encoder</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Bands that the imagery lacks</source>
      <translation>Bänder, die den Bildern fehlen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Embeddings</source>
      <translation>Einbettungen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>GeoTIFF (*.tif);;GeoPackage (*.gpkg)</source>
      <translation>GeoTIFF (*.tif);;GeoPackage (*.gpkg)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>Encoder</source>
      <translation>Encoder</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/embed.py" />
      <source>LIKE is no valid condition: {like}; write one such as {example}.</source>
      <translation>LIKE ist keine gültige Bedingung: {like}; eine gültige ist etwa {example}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Evaluate a map</source>
      <translation>Eine Karte bewerten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>accuracy</source>
      <translation>Genauigkeit</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>area</source>
      <translation>Fläche</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>confusion matrix</source>
      <translation>Konfusionsmatrix</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>validation</source>
      <translation>Validierung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>olofsson</source>
      <translation>olofsson</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>stehman</source>
      <translation>stehman</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>confidence interval</source>
      <translation>Konfidenzintervall</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Compares a class raster or a layer of areas with a reference sample and says, with 95 % intervals, how right the map is overall and class by class (user's and producer's accuracy, F1), and how large each class really is: counting pixels of a map that errs does not tell. Any probability sample will do; one that geoloop:sampledesign drew carries all that is needed.</source>
      <translation>Vergleicht ein Klassenraster oder einen Flächenlayer mit einer Referenzstichprobe und sagt, mit 95-%-Intervallen, wie richtig die Karte insgesamt und je Klasse ist (Nutzer- und Herstellergenauigkeit, F1) und wie groß jede Klasse wirklich ist: Pixel einer Karte zu zählen, die irrt, sagt das nicht. Jede Zufallsstichprobe taugt dafür; eine von geoloop:sampledesign bringt alles Nötige mit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>The map to evaluate: a raster of class codes, or a layer of areas.</source>
      <translation>Die zu bewertende Karte: ein Raster von Klassencodes oder ein Flächenlayer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Points or areas with the class that was found there. The fields that geoloop:sampledesign wrote say how they were drawn; a sample of your own needs at least inclusion_probability, and of strata stratum and stratum_units.</source>
      <translation>Punkte oder Flächen mit der Klasse, die dort gefunden wurde. Die Felder, die geoloop:sampledesign schrieb, sagen, wie sie gezogen wurden; eine eigene Stichprobe braucht mindestens inclusion_probability, eine geschichtete auch stratum und stratum_units.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>The field with the class that was found: a name of the legend, or a code of the raster. Units without one are left out. Default: class_reference.</source>
      <translation>Das Feld mit der gefundenen Klasse: ein Name der Legende oder ein Code des Rasters. Einheiten ohne bleiben außen vor. Vorgabe: class_reference.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>The classes and their rules: a JSON file, or one of the shipped legends, buildings and landcover. Default: empty, the names in the raster, else its codes; of a layer the values of CLASS_FIELD.</source>
      <translation>Die Klassen und ihre Regeln: eine JSON-Datei oder eine der mitgelieferten Legenden, buildings und landcover. Vorgabe: leer, die Namen im Raster, sonst seine Codes; bei einem Layer die Werte von CLASS_FIELD.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Class field of the map</source>
      <translation>Klassenfeld der Karte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>For a layer of areas: the field that holds the class. Default: none, LEGEND reads the tags.</source>
      <translation>Bei einem Flächenlayer: das Feld mit der Klasse. Vorgabe: keines, LEGEND liest die Tags.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>A ledger that keeps the figures, for the loop's report. Default: none.</source>
      <translation>Ein Register, das die Zahlen aufbewahrt, für den Bericht der Schleife. Vorgabe: keines.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>The figures as JSON; they are in the log too.</source>
      <translation>Die Zahlen als JSON; sie stehen auch im Protokoll.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Overall accuracy</source>
      <translation>Gesamtgenauigkeit</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Number of units</source>
      <translation>Zahl der Einheiten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Map</source>
      <translation>Karte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Reference sample</source>
      <translation>Referenzstichprobe</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Reference class</source>
      <translation>Referenzklasse</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>Figures</source>
      <translation>Zahlen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>JSON (*.json)</source>
      <translation>JSON (*.json)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>REFERENCE: “{name}” is no vector layer.</source>
      <translation>REFERENCE: „{name}“ ist kein Vektorlayer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/evaluate.py" />
      <source>REFERENCE: “{name}” has no field “{field}”; name the one with the class that was found in REFERENCE_FIELD.</source>
      <translation>REFERENCE: „{name}“ hat kein Feld „{field}“; nenne in REFERENCE_FIELD das mit der gefundenen Klasse.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Exchange</source>
      <translation>Austauschen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>osm</source>
      <translation>osm</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>osmchange</source>
      <translation>osmchange</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>openstreetmap</source>
      <translation>openstreetmap</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>maproulette</source>
      <translation>maproulette</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>josm</source>
      <translation>josm</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>geojson</source>
      <translation>geojson</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>qfield</source>
      <translation>qfield</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>mergin</source>
      <translation>mergin</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>field</source>
      <translation>Feld</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>tasks</source>
      <translation>Aufgaben</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>export</source>
      <translation>Export</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Hands the ledger's discrepancies on: as an OsmChange file, a MapRoulette challenge, links for JOSM, GeoJSON, or tasks for QField and Mergin; and reads filled-in tasks back as a field layer. Nothing is uploaded and nobody is contacted. To OpenStreetMap go only discrepancies that a person accepted one by one in the review, never those decided in bulk, and only with ids and versions that EXTRACT holds; what is left out is counted with its reason. Every source must allow the export: set may_export in SOURCES.</source>
      <translation>Gibt die Unstimmigkeiten des Registers weiter: als OsmChange-Datei, als MapRoulette-Kampagne, als Links für JOSM, als GeoJSON oder als Aufgaben für QField und Mergin; und liest ausgefüllte Aufgaben als Feldlayer zurück. Nichts wird hochgeladen, niemand wird angeschrieben. An OpenStreetMap gehen nur Unstimmigkeiten, die ein Mensch beim Prüfen einzeln angenommen hat, nie in Massen entschiedene, und nur mit Ids und Versionen, die EXTRACT enthält; was weggelassen wird, wird mit seinem Grund gezählt. Jede Quelle muss die Weitergabe erlauben: setze may_export in SOURCES.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Text</source>
      <translation>Text</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>osmchange: edits for OpenStreetMap (.osc). maproulette: a cooperative challenge, one task a line (.geojson). josm: links for JOSM's remote control (.html or .txt). geojson: discrepancies with their evidence, in degrees. tasks: places to visit, for QField and Mergin (.gpkg). observations: filled-in TASKS as a field layer (.gpkg), with its SOURCES as JSON beside it. Default: geojson.</source>
      <translation>osmchange: Änderungen für OpenStreetMap (.osc). maproulette: eine gemeinschaftliche Kampagne, eine Aufgabe je Zeile (.geojson). josm: Links für die Fernsteuerung von JOSM (.html oder .txt). geojson: Unstimmigkeiten mit ihren Belegen, in Grad. tasks: zu besuchende Orte, für QField und Mergin (.gpkg). observations: ausgefüllte TASKS als Feldlayer (.gpkg), mit seinen SOURCES als JSON daneben. Vorgabe: geojson.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>The layer whose discrepancies go out, by its name in the ledger. Default: empty, all layers; for osmchange, maproulette and josm the ledger's only one.</source>
      <translation>Der Layer, dessen Unstimmigkeiten hinausgehen, nach seinem Namen im Register. Vorgabe: leer, alle Layer; bei osmchange, maproulette und josm der einzige des Registers.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>The .osm or .osm.pbf file that the layer was made from, or a newer one, with objects' versions and all that lies around. Needed for osmchange and maproulette; for josm where keys are bare numbers. Default: none.</source>
      <translation>Die .osm- oder .osm.pbf-Datei, aus der der Layer entstand, oder eine neuere, mit den Versionen der Objekte und allem ringsum. Gebraucht für osmchange und maproulette; für josm, wo Schlüssel bloße Zahlen sind. Vorgabe: keine.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>accepted: those that were accepted. undecided: those that are open or unsure, as for field tasks. all: both. OpenStreetMap's formats take accepted alone. Default: accepted.</source>
      <translation>accepted: die angenommenen. undecided: offene und unsichere, wie für Feldaufgaben. all: beide. Formate für OpenStreetMap nehmen nur accepted. Vorgabe: accepted.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>What the ledger does not say of its sources, imagery among them. In the dialog “Fill in…” asks for it. As text: JSON, or the path of a JSON file, with an object by layer name, such as {"ortho": {"may_export": true, "licence": "CC BY 4.0"}}. It cannot overrule a no of the ledger. Default: empty.</source>
      <translation>Was das Register von seinen Quellen nicht sagt, auch von Bildern. Im Dialog fragt „Ausfüllen…“ danach. Als Text: JSON oder der Pfad einer JSON-Datei, mit einem Objekt je Layername, etwa {"ortho": {"may_export": true, "licence": "CC BY 4.0"}}. Ein Nein des Registers kann es nicht aufheben. Vorgabe: leer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>The GeoPackage that came back from the field. Needed for observations. Default: none.</source>
      <translation>Das GeoPackage, das aus dem Feld zurückkam. Gebraucht für observations. Vorgabe: keines.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>What the changes are, for OpenStreetMap's mappers. Default: empty, a general sentence.</source>
      <translation>Was die Änderungen sind, für die Mapper von OpenStreetMap. Vorgabe: leer, ein allgemeiner Satz.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Whether the names of reviewers and surveyors are written too. Default: no.</source>
      <translation>Ob auch die Namen von Prüfern und Kartierern geschrieben werden. Vorgabe: nein.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>The file to write; its ending must fit the format.</source>
      <translation>Die Datei, die geschrieben wird; ihre Endung muss zum Format passen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>SOURCES of the field layer</source>
      <translation>SOURCES des Feldlayers</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Discrepancies or visits written</source>
      <translation>Geschriebene Unstimmigkeiten oder Besuche</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Those left out</source>
      <translation>Weggelassene</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>FORMAT=observations needs TASKS, the GeoPackage that came back from the field.</source>
      <translation>FORMAT=observations braucht TASKS, das GeoPackage, das aus dem Feld zurückkam.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Format</source>
      <translation>Format</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>OpenStreetMap extract</source>
      <translation>OpenStreetMap-Auszug</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Which discrepancies</source>
      <translation>Welche Unstimmigkeiten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Filled-in field tasks</source>
      <translation>Ausgefüllte Feldaufgaben</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Changeset comment</source>
      <translation>Kommentar des Änderungssatzes</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Name reviewers and surveyors</source>
      <translation>Prüfer und Kartierer nennen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Output</source>
      <translation>Ausgabe</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>Layer</source>
      <translation>Layer</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>FORMAT={format} needs EXTRACT, the .osm or .pbf file that the layer was made from.</source>
      <translation>FORMAT={format} braucht EXTRACT, die .osm- oder .pbf-Datei, aus der der Layer entstand.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exchange.py" />
      <source>FORMAT={format} goes to OpenStreetMap and takes only what a person accepted; leave ONLY at accepted.</source>
      <translation>FORMAT={format} geht an OpenStreetMap und nimmt nur, was ein Mensch angenommen hat; lass ONLY bei accepted.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>Export a model</source>
      <translation>Ein Modell ausgeben</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>onnx</source>
      <translation>onnx</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>deepness</source>
      <translation>deepness</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>stac</source>
      <translation>stac</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>mlm</source>
      <translation>mlm</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>model card</source>
      <translation>Karteikarte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>metadata</source>
      <translation>Metadaten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>Writes a model as ONNX with all that is known of it: bands, scaling, classes, resolution. Other programs run it, the Deepness plugin among them, and GeoLoop on another machine needs no more than this file.</source>
      <translation>Schreibt ein Modell als ONNX mit allem, was von ihm bekannt ist: Bänder, Skalierung, Klassen, Auflösung. Andere Programme führen es aus, darunter das Plugin Deepness, und GeoLoop auf einem anderen Rechner braucht nur diese Datei.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>The ONNX file to write.</source>
      <translation>Die ONNX-Datei, die geschrieben wird.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>OUTPUT is the MODEL itself; choose another name.</source>
      <translation>OUTPUT ist das MODEL selbst; wähle einen anderen Namen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>Exported model</source>
      <translation>Ausgegebenes Modell</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/exportmodel.py" />
      <source>ONNX (*.onnx)</source>
      <translation>ONNX (*.onnx)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Fine-tune a model</source>
      <translation>Ein Modell feinabstimmen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>fine-tuning</source>
      <translation>Feinabstimmung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>lora</source>
      <translation>lora</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>peft</source>
      <translation>peft</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>adapter</source>
      <translation>Adapter</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>prithvi</source>
      <translation>prithvi</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>resnet</source>
      <translation>resnet</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>segmentation</source>
      <translation>Segmentierung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>regression</source>
      <translation>Regression</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>calibration</source>
      <translation>Kalibrierung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>noisy labels</source>
      <translation>verrauschte Angaben</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Teaches a model what your map and field layers say: classes, or values such as height and biomass with their uncertainty. It starts from a public foundation model whose file you name, or from nothing. Labels may be points, lines or areas, and few; where none lies nothing is assumed. The model is judged on blocks of ground that it did not learn from, with the usual random split beside it so that you see how much that flatters. geoloop:predict runs what is written, geoloop:exportmodel hands it on.</source>
      <translation>Lehrt ein Modell, was deine Karten- und Feldlayer sagen: Klassen, oder Werte wie Höhe und Biomasse mit ihrer Unsicherheit. Es beginnt bei einem öffentlichen Grundmodell, dessen Datei du nennst, oder bei nichts. Angaben dürfen Punkte, Linien oder Flächen sein, und wenige; wo keine liegt, wird nichts angenommen. Das Modell wird an Geländeblöcken beurteilt, aus denen es nicht gelernt hat, mit der üblichen zufälligen Teilung daneben, damit du siehst, wie sehr sie schmeichelt. geoloop:predict führt aus, was geschrieben wird, geoloop:exportmodel gibt es weiter.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>The field of the map and field layers that holds a number, to learn values and their uncertainty. Default: empty, classes are learnt, by LEGEND or the class fields in SOURCES.</source>
      <translation>Das Feld der Karten- und Feldlayer, das eine Zahl enthält, um Werte und ihre Unsicherheit zu lernen. Vorgabe: leer, es werden Klassen gelernt, nach LEGEND oder den Klassenfeldern in SOURCES.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>An encoder and the file of its public weights, such as galileo_nano:/data/encoder.pt, or the file alone where only one encoder fits it; or an encoder's name alone with METHOD full. The documentation lists them under Encoders and foundation models. Default: empty, a ResNet-18 learns from nothing.</source>
      <translation>Ein Encoder und die Datei seiner öffentlichen Gewichte, etwa galileo_nano:/data/encoder.pt, oder die Datei allein, wo nur ein Encoder zu ihr passt; oder der Name eines Encoders allein mit METHOD full. Die Dokumentation zählt sie unter „Encoders and foundation models“ auf. Vorgabe: leer, ein ResNet-18 lernt von nichts.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>What learns. probe: only the decoder on top. lora: thin additions to the encoder's layers as well, written beside the model in the format of the library peft. adapter: experts of slow and fast changes over the ground (Earth-Adapter). full: everything, which asks for many labels. Default: lora.</source>
      <translation>Was lernt. probe: nur der Decoder obenauf. lora: dünne Zusätze zu den Schichten des Encoders dazu, neben dem Modell im Format der Bibliothek peft geschrieben. adapter: Fachleute für langsame und schnelle Wechsel im Gelände (Earth-Adapter). full: alles, was viele Angaben verlangt. Vorgabe: lora.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Which errors it learns from most, for classes. balanced: those of all classes alike, however rare. plain: those of all pixels alike. focal: those of hard pixels. dice: the overlap of each class as well. Default: balanced.</source>
      <translation>Aus welchen Fehlern es am meisten lernt, bei Klassen. balanced: aus denen aller Klassen gleich, wie selten sie auch sind. plain: aus denen aller Pixel gleich. focal: aus denen schwieriger Pixel. dice: auch aus der Überdeckung jeder Klasse. Vorgabe: balanced.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Whether labels of map layers count less where two views of the imagery both contradict them; what field layers say always counts. Default: yes.</source>
      <translation>Ob Angaben von Kartenlayern weniger zählen, wo zwei Ansichten der Bilder ihnen beide widersprechen; was Feldlayer sagen, zählt immer. Vorgabe: ja.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Whether to learn once more on pixels dealt by chance, to show how much that flatters; takes twice the time. Default: yes.</source>
      <translation>Ob noch einmal an zufällig verteilten Pixeln gelernt wird, um zu zeigen, wie sehr das schmeichelt; braucht doppelt so lange. Vorgabe: ja.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>What stands in for bands that the encoder cannot do without. refuse: nothing, the run stops. mean: their mean in pretraining. learnt: a value that is learnt. Default: refuse.</source>
      <translation>Was für Bänder einsteht, ohne die der Encoder nicht auskommt. refuse: nichts, der Lauf hört auf. mean: ihr Mittel beim Vortrainieren. learnt: ein gelernter Wert. Vorgabe: refuse.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>The side in pixels of what the network sees at once, now and when it is run. Default: 0, chosen by the encoder.</source>
      <translation>Die Seite in Pixeln dessen, was das Netz auf einmal sieht, jetzt und beim Ausführen. Vorgabe: 0, vom Encoder gewählt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>The model to write, whole, with its card. Beside it, the losses as a table (.csv); unless METHOD is full, a folder of a few megabytes to share (_adapter); and while it learns a file (.unfinished) from which a run that was broken off goes on when started again.</source>
      <translation>Das zu schreibende Modell, ganz, mit seiner Karteikarte. Daneben die Verluste als Tabelle (.csv); außer bei METHOD full ein Ordner von einigen Megabyte zum Teilen (_adapter); und während des Lernens eine Datei (.unfinished), bei der ein unterbrochener Lauf weitermacht, wenn er wieder gestartet wird.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>The places that were judged, imagery and labels without position, so that geoloop:mergeadapters can ask other models about them. Classes only. Default: not written.</source>
      <translation>Die beurteilten Orte, Bilder und Angaben ohne Lage, damit geoloop:mergeadapters andere Modelle nach ihnen fragen kann. Nur Klassen. Vorgabe: nicht geschrieben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Mean F1, or R² of values, on blocks left out</source>
      <translation>Mittleres F1, oder R² bei Werten, an ausgelassenen Blöcken</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>The same by a random split, for comparison</source>
      <translation>Dasselbe bei zufälliger Teilung, zum Vergleich</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Calibration error as the network came</source>
      <translation>Kalibrierungsfehler, wie das Netz kam</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Calibration error of the model as written</source>
      <translation>Kalibrierungsfehler des geschriebenen Modells</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Share of the weights that learnt</source>
      <translation>Anteil der Gewichte, die lernten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Adapter to share</source>
      <translation>Adapter zum Teilen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Method</source>
      <translation>Verfahren</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Loss</source>
      <translation>Verlust</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Distrust labels of maps</source>
      <translation>Angaben von Karten misstrauen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Compare with a random split</source>
      <translation>Mit einer zufälligen Teilung vergleichen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Crop</source>
      <translation>Ausschnitt</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>GeoLoop's models (*.safetensors)</source>
      <translation>Modelle von GeoLoop (*.safetensors)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Hold-out</source>
      <translation>Zurückgehaltenes</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Hold-outs (*.safetensors)</source>
      <translation>Zurückgehaltenes (*.safetensors)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Field with a value</source>
      <translation>Feld mit einem Wert</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/finetune.py" />
      <source>Model to start from</source>
      <translation>Modell für den Anfang</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/flag.py" />
      <source>Flag discrepancies</source>
      <translation>Unstimmigkeiten melden</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/flag.py" />
      <source>discrepancies</source>
      <translation>Unstimmigkeiten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/flag.py" />
      <source>quality</source>
      <translation>Qualität</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/flag.py" />
      <source>errors</source>
      <translation>Fehler</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/flag.py" />
      <source>change</source>
      <translation>Veränderung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/flag.py" />
      <source>Finds what is missing, obsolete, shifted, reshaped, duplicate, invalid, outdated or of the wrong class or value in each source, judged by all the others, with the probability that it is a real error. The findings go into the ledger: put them in order with geoloop:queue, decide, and push.</source>
      <translation>Findet, was in jeder Quelle fehlt, hinfällig, verschoben, anders geformt, doppelt, ungültig, veraltet oder von falscher Klasse oder falschem Wert ist, beurteilt von allen anderen, mit der Wahrscheinlichkeit, dass es ein wirklicher Fehler ist. Die Funde gehen ins Register: bringe sie mit geoloop:queue in eine Reihenfolge, entscheide und übertrage.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/flag.py" />
      <source>What a model that never saw the map says of the imagery: a raster with one band a class, named by class, from 0 to 1. Default: empty, a network is fitted as in geoloop:fuse.</source>
      <translation>Was ein Modell, das die Karte nie sah, von den Bildern sagt: ein Raster mit einem Band je Klasse, nach ihr benannt, von 0 bis 1. Vorgabe: leer, ein Netz wird angepasst wie in geoloop:fuse.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>Fuse imagery, map and field</source>
      <translation>Bilder, Karte und Feld verschmelzen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>fusion</source>
      <translation>Verschmelzung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>classification</source>
      <translation>Klassifikation</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>land cover</source>
      <translation>Landbedeckung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>probability</source>
      <translation>Wahrscheinlichkeit</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>uncertainty</source>
      <translation>Unsicherheit</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>imagery</source>
      <translation>Bilder</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>Makes one map of classes from imagery, map layers and field layers together. Each source counts as much as the others bear it out; no source is taken for the truth. A network is fitted on the layers' own labels, and every place is judged by a network that never saw its label.</source>
      <translation>Macht aus Bildern, Kartenlayern und Feldlayern zusammen eine Karte der Klassen. Jede Quelle zählt so viel, wie die anderen sie bestätigen; keine gilt als die Wahrheit. Ein Netz wird an den eigenen Angaben der Layer angepasst, und jeder Ort wird von einem Netz beurteilt, das seine Angabe nie sah.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>Uncertainty</source>
      <translation>Unsicherheit</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/fuse.py" />
      <source>The entropy of the probabilities, from 0 (sure) to 1 (all classes alike). Default: not written.</source>
      <translation>Die Entropie der Wahrscheinlichkeiten, von 0 (sicher) bis 1 (alle Klassen gleich). Vorgabe: nicht geschrieben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>Import OpenStreetMap data</source>
      <translation>OpenStreetMap-Daten einlesen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>pbf</source>
      <translation>pbf</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>quickosm</source>
      <translation>quickosm</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>tags</source>
      <translation>Tags</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>import</source>
      <translation>einlesen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>Turns OpenStreetMap data into a GeoPackage with the tables points, lines and polygons, every feature with all its tags and its id. Multipolygons are put together; what reaches out of the extent is cut.</source>
      <translation>Macht aus OpenStreetMap-Daten ein GeoPackage mit den Tabellen points, lines und polygons, jedes Objekt mit all seinen Tags und seiner Id. Multipolygone werden zusammengesetzt; was über die Ausdehnung hinausragt, wird abgeschnitten.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>An .osm, .osm.pbf, .osm.gz or .osm.bz2 file, a vector file with tags as columns, or the name of such a layer in the project, as QuickOSM makes them.</source>
      <translation>Eine .osm-, .osm.pbf-, .osm.gz- oder .osm.bz2-Datei, eine Vektordatei mit Tags als Spalten oder der Name eines solchen Layers im Projekt, wie QuickOSM ihn anlegt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>The area to import, in any CRS. Default: empty, everything.</source>
      <translation>Das einzulesende Gebiet, in beliebigem KBS. Vorgabe: leer, alles.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>The GeoPackage to write, with the tables points, lines and polygons.</source>
      <translation>Das GeoPackage, das geschrieben wird, mit den Tabellen points, lines und polygons.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>Points</source>
      <translation>Punkte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>Lines</source>
      <translation>Linien</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>Polygons</source>
      <translation>Polygone</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>OpenStreetMap data</source>
      <translation>OpenStreetMap-Daten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>Extent</source>
      <translation>Ausdehnung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>All files (*)</source>
      <translation>Alle Dateien (*)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/importosm.py" />
      <source>INPUT: “{given}” is neither a file nor a vector layer of the project.</source>
      <translation>INPUT: „{given}“ ist weder eine Datei noch ein Vektorlayer des Projekts.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>Install the engine</source>
      <translation>Den Rechenkern einrichten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>install</source>
      <translation>einrichten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>torch</source>
      <translation>torch</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>pip</source>
      <translation>pip</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>offline</source>
      <translation>offline</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>wheels</source>
      <translation>wheels</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>Makes the Python environment that GeoLoop computes in, apart from QGIS's own Python, which stays as it is. It takes 2 GB of disk (8 GB with CUDA) and some minutes. An engine that is already there is kept; an installation that is cancelled or fails leaves nothing behind.</source>
      <translation>Legt die Python-Umgebung an, in der GeoLoop rechnet, getrennt vom Python von QGIS, das bleibt, wie es ist. Sie braucht 2 GB Platz (8 GB mit CUDA) und einige Minuten. Ein vorhandener Rechenkern bleibt; eine abgebrochene oder gescheiterte Einrichtung hinterlässt nichts.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>What the engine shall compute on: cpu, or cuda for an NVIDIA graphics card. Default: cpu.</source>
      <translation>Womit der Rechenkern rechnen soll: cpu, oder cuda für eine NVIDIA-Grafikkarte. Vorgabe: cpu.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>For a machine without network: a folder with all packages as wheels, made elsewhere by pip download with requirements/engine-cpu.txt, or engine-cuda.txt, of the plugin's folder. Default: empty, pip downloads as it is configured.</source>
      <translation>Für einen Rechner ohne Netz: ein Ordner mit allen Paketen als Wheels, anderswo mit pip download und requirements/engine-cpu.txt oder engine-cuda.txt aus dem Ordner des Plugins gemacht. Vorgabe: leer, pip lädt, wie es eingestellt ist.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>Folder of wheels</source>
      <translation>Ordner mit Wheels</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/installengine.py" />
      <source>{named_by} still names another engine, {python}, which is used instead.</source>
      <translation>{named_by} nennt noch einen anderen Rechenkern, {python}, der stattdessen verwendet wird.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>Learn from decisions</source>
      <translation>Aus Entscheidungen lernen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>learning</source>
      <translation>Lernen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>training</source>
      <translation>Training</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>reliability</source>
      <translation>Verlässlichkeit</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>Turns decisions into a better network and better knowledge of the sources. What you accepted corrects the labels that the network learns from, what you rejected confirms them, what you left open is left out; your layers stay as they are. The fit goes on from the ledger's last network; where the ledger believes many labels to be wrong, those that two views of the imagery both contradict count less. Places that neither network has learnt from decide whether the new one replaces the old one, or what was found at random, where it contradicts the other labels. geoloop:loop on the same ledger takes it from there.</source>
      <translation>Macht aus Entscheidungen ein besseres Netz und besseres Wissen über die Quellen. Was du angenommen hast, berichtigt die Angaben, aus denen das Netz lernt; was du abgelehnt hast, bestätigt sie; was offen blieb, bleibt außen vor; deine Layer bleiben, wie sie sind. Die Anpassung setzt beim letzten Netz des Registers fort; wo das Register viele Angaben für falsch hält, zählen die weniger, denen zwei Ansichten der Bilder beide widersprechen. Orte, aus denen keines der Netze gelernt hat, entscheiden, ob das neue das alte ersetzt, oder was die Stichprobe ergab, wo sie den übrigen Angaben widerspricht. geoloop:loop auf demselben Register macht von dort weiter.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>The model to go on from: a .safetensors file that geoloop:loop or geoloop:learn left for the same ground. Default: empty, the ledger's last.</source>
      <translation>Das Modell, von dem aus weitergelernt wird: eine .safetensors-Datei, die geoloop:loop oder geoloop:learn für dasselbe Gebiet hinterließ. Vorgabe: leer, das letzte des Registers.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>The model to go on with: the new one, or the old one if the new one is not better. It is kept beside the ledger in any case. Default: not written elsewhere.</source>
      <translation>Das Modell für das Weitere: das neue, oder das alte, wenn das neue nicht besser ist. Neben dem Register wird es auf jeden Fall aufbewahrt. Vorgabe: nicht anderswo geschrieben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>Number of the round</source>
      <translation>Nummer der Runde</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>Decisions that were learnt from</source>
      <translation>Entscheidungen, aus denen gelernt wurde</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>Whether the new model took the place of the old one</source>
      <translation>Ob das neue Modell an die Stelle des alten trat</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/learn.py" />
      <source>How much more unseen ground it names right, as a share</source>
      <translation>Wie viel mehr ungesehenen Boden es richtig benennt, als Anteil</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>Run a round of the loop</source>
      <translation>Eine Runde der Schleife ausführen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>loop</source>
      <translation>Schleife</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>field survey</source>
      <translation>Kartierung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>A whole round: fits a network on the layers' own labels, fuses imagery, map and field into one map, and flags where each source contradicts all the others. Review the ledger next, with geoloop:queue and geoloop:decide, write what you accept with geoloop:push, and run it again on the same ledger: decisions put labels right, say how far each source can be trusted, and the fit goes on from the last round's network.</source>
      <translation>Eine ganze Runde: passt ein Netz an den eigenen Angaben der Layer an, verschmilzt Bilder, Karte und Feld zu einer Karte und meldet, wo jede Quelle allen anderen widerspricht. Prüfe danach das Register mit geoloop:queue und geoloop:decide, übertrage mit geoloop:push, was du annimmst, und führe sie auf demselben Register wieder aus: Entscheidungen berichtigen Angaben, sagen, wie weit jeder Quelle zu trauen ist, und die Anpassung setzt beim Netz der letzten Runde fort.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>For tests: layers that are known to be true, one for each of MAP and then of FIELD, in their order. A simulated reviewer compares by place and class, and decides the first items of a queue; its decisions bear the name “simulated”. Default: none, nobody decides.</source>
      <translation>Für Versuche: Layer, von denen bekannt ist, dass sie stimmen, je einer für MAP und dann für FIELD, in deren Reihenfolge. Ein simulierter Prüfer vergleicht nach Ort und Klasse und entscheidet die ersten Einträge einer Liste; seine Entscheidungen tragen den Namen „simulated“. Vorgabe: keine, niemand entscheidet.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>How often the simulated reviewer says the opposite of what is right, from 0 to 1. Default: 0.</source>
      <translation>Wie oft der simulierte Prüfer das Gegenteil des Richtigen sagt, von 0 bis 1. Vorgabe: 0.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>What a decision of the simulated reviewer costs, in seconds, as the ledger notes it. Default: 8.</source>
      <translation>Was eine Entscheidung des simulierten Prüfers kostet, in Sekunden, wie das Register es festhält. Vorgabe: 8.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>How many items the simulated reviewer decides. Default: 100.</source>
      <translation>Wie viele Einträge der simulierte Prüfer entscheidet. Vorgabe: 100.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>Decisions of the simulated reviewer</source>
      <translation>Entscheidungen des simulierten Prüfers</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>Whether the new model took the place of the last round's</source>
      <translation>Ob das neue Modell an die Stelle dessen der letzten Runde trat</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>True layers, to simulate a reviewer</source>
      <translation>Wahre Layer, um einen Prüfer zu simulieren</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>Share of wrong decisions</source>
      <translation>Anteil falscher Entscheidungen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>Seconds a decision</source>
      <translation>Sekunden je Entscheidung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/loop.py" />
      <source>Simulated decisions</source>
      <translation>Simulierte Entscheidungen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Merge adapters</source>
      <translation>Adapter zusammenführen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>federated</source>
      <translation>föderiert</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>sharing</source>
      <translation>Teilen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>model soup</source>
      <translation>Modellmittel</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Joins the adapters that several communities fine-tuned on the same encoder into one model: the weighted mean of what each adds. Adapters are a few megabytes and hold no imagery and no labels. Each community's hold-out says whether the common model serves it as well as its own.</source>
      <translation>Fügt die Adapter, die mehrere Gemeinschaften an demselben Encoder feinabgestimmt haben, zu einem Modell zusammen: das gewichtete Mittel dessen, was jeder hinzufügt. Adapter sind einige Megabyte groß und enthalten weder Bilder noch Angaben. Das Zurückgehaltene jeder Gemeinschaft sagt, ob das gemeinsame Modell ihr so gut dient wie ihr eigenes.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Two or more folders that geoloop:finetune wrote with METHOD probe, lora or adapter, or the file geoloop_card.json in each.</source>
      <translation>Zwei oder mehr Ordner, die geoloop:finetune mit METHOD probe, lora oder adapter schrieb, oder die Datei geoloop_card.json darin.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>The file that each community wrote as HOLDOUT, in the order of the adapters. Default: none, nothing is checked.</source>
      <translation>Die Datei, die jede Gemeinschaft als HOLDOUT schrieb, in der Reihenfolge der Adapter. Vorgabe: keine, nichts wird geprüft.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>The file of public weights that all adapters began with. Default: none, the encoder began with random weights.</source>
      <translation>Die Datei der öffentlichen Gewichte, mit denen alle Adapter begannen. Vorgabe: keine, der Encoder begann mit zufälligen Gewichten.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>How much each adapter counts, separated by commas, such as 2,1,1. Default: empty, all alike.</source>
      <translation>Wie viel jeder Adapter zählt, durch Kommas getrennt, etwa 2,1,1. Vorgabe: leer, alle gleich.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>The model that comes of it, which geoloop:predict runs. The merged adapter lies beside it, in a folder of its name and _adapter.</source>
      <translation>Das Modell, das daraus wird und das geoloop:predict ausführt. Der zusammengeführte Adapter liegt daneben, in einem Ordner seines Namens und _adapter.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Merged adapter</source>
      <translation>Zusammengeführter Adapter</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Share of the mean that the merged adapter keeps, in the layer where it keeps least</source>
      <translation>Anteil des Mittels, den der zusammengeführte Adapter behält, in der Schicht, wo er am wenigsten behält</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Change of mean F1 where the merged model does worst</source>
      <translation>Änderung des mittleren F1, wo das zusammengeführte Modell am schlechtesten ist</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>ADAPTERS names fewer than two adapters; give at least two.</source>
      <translation>ADAPTERS nennt weniger als zwei Adapter; gib mindestens zwei an.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Adapters</source>
      <translation>Adapter</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Hold-outs</source>
      <translation>Zurückgehaltenes</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>The encoder's public weights</source>
      <translation>Die öffentlichen Gewichte des Encoders</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>Weights</source>
      <translation>Gewichte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>HOLDOUTS names {held} files for {number} adapters; give one for each, in the same order, or none.</source>
      <translation>HOLDOUTS nennt {held} Dateien für {number} Adapter; gib für jeden eine an, in derselben Reihenfolge, oder keine.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>ADAPTERS: {path} is no adapter that geoloop:finetune wrote: it lacks {file}.</source>
      <translation>ADAPTERS: {path} ist kein Adapter, den geoloop:finetune schrieb: ihm fehlt {file}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>The file {path} of {name} does not exist.</source>
      <translation>Die Datei {path} von {name} gibt es nicht.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/mergeadapters.py" />
      <source>WEIGHTS must be numbers separated by commas, not {given}.</source>
      <translation>WEIGHTS muss Zahlen enthalten, durch Kommas getrennt, nicht {given}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>Run a model over imagery</source>
      <translation>Ein Modell über Bilder laufen lassen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>inference</source>
      <translation>Anwendung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>deep learning</source>
      <translation>tiefes Lernen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>object detection</source>
      <translation>Objekterkennung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>yolo</source>
      <translation>yolo</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>dask</source>
      <translation>dask</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>Runs a trained model over imagery of any size, tile by tile, without seams. A model that tells classes or values gives a raster (OUTPUT), one that finds objects gives polygons (DETECTIONS). The model's card says which bands it wants and how they are scaled; the imagery's bands are found by name and wavelength.</source>
      <translation>Lässt ein fertiges Modell über Bilder jeder Größe laufen, Kachel für Kachel, ohne Nähte. Ein Modell, das Klassen oder Werte sagt, ergibt ein Raster (OUTPUT), eines, das Objekte findet, Polygone (DETECTIONS). Die Karteikarte des Modells sagt, welche Bänder es will und wie sie skaliert sind; die Bänder der Bilder werden nach Name und Wellenlänge gefunden.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>Classes or values</source>
      <translation>Klassen oder Werte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>The class of each pixel, or the model's values or embeddings, one band each, as GeoTIFF. Leave it out for a model that finds objects.</source>
      <translation>Die Klasse jedes Pixels, oder die Werte oder Einbettungen des Modells, je ein Band, als GeoTIFF. Lass es weg bei einem Modell, das Objekte findet.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>The probability of each class, from 0 to 1, one band a class, as GeoTIFF. Default: not written.</source>
      <translation>Die Wahrscheinlichkeit jeder Klasse, von 0 bis 1, ein Band je Klasse, als GeoTIFF. Vorgabe: nicht geschrieben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>Nothing is asked for; name OUTPUT or PROBABILITY for a model of classes or values, DETECTIONS for one that finds objects.</source>
      <translation>Es ist nichts verlangt; nenne OUTPUT oder PROBABILITY bei einem Modell von Klassen oder Werten, DETECTIONS bei einem, das Objekte findet.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/predict.py" />
      <source>SCHEDULER is {address}; it must be an address such as tcp://host:8786, or local, or local:4.</source>
      <translation>SCHEDULER ist {address}; verlangt ist eine Adresse wie tcp://host:8786, oder local, oder local:4.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>Pretrain a fusion network</source>
      <translation>Ein Verschmelzungsnetz vortrainieren</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>self-supervised</source>
      <translation>selbstüberwacht</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>masked modelling</source>
      <translation>Verdecken</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>attention</source>
      <translation>Aufmerksamkeit</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>surprise</source>
      <translation>Überraschung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>Lets a network learn how imagery and map go together, from your own layers and without any class: parts of the imagery, tags, outlines and whole features are hidden, and the network learns to say them from the rest. What it says of a feature that it does not see can be written too: whether one like it should stand there, how far it should be moved, and how surprising its attributes are.</source>
      <translation>Lässt ein Netz lernen, wie Bilder und Karte zusammengehören, aus deinen eigenen Layern und ohne jede Klasse: Teile der Bilder, Tags, Umrisse und ganze Objekte werden verdeckt, und das Netz lernt, sie aus dem Rest zu sagen. Was es von einem Objekt sagt, das es nicht sieht, kann auch geschrieben werden: ob so eines dort stehen sollte, wie weit es verschoben gehört und wie überraschend seine Attribute sind.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>A network that an earlier run of this algorithm wrote, to go on from; its size counts. Default: empty, from nothing.</source>
      <translation>Ein Netz, das ein früherer Lauf dieses Algorithmus schrieb, um von ihm aus weiterzulernen; seine Größe zählt. Vorgabe: leer, von nichts.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>small: learns on any processor. large: for a graphics card. Default: small.</source>
      <translation>small: lernt auf jedem Prozessor. large: für eine Grafikkarte. Vorgabe: small.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>The network to write. Beside it, the losses as a table (.csv), and while it learns a file (.unfinished) from which a run that was broken off goes on when started again.</source>
      <translation>Das Netz, das geschrieben wird. Daneben die Verluste als Tabelle (.csv) und, solange es lernt, eine Datei (.unfinished), von der aus ein abgebrochener Lauf beim nächsten Start weitermacht.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>The features with what the network says of each while it is hidden, in the fields layer, key, exists (the probability that such a feature stands there), dx_m and dy_m (metres eastward and northward to where it should lie), tag_surprise and surprise (more is odder). Default: not written.</source>
      <translation>Die Objekte mit dem, was das Netz von jedem sagt, während es verdeckt ist, in den Feldern layer, key, exists (die Wahrscheinlichkeit, dass so ein Objekt dort steht), dx_m und dy_m (Meter nach Osten und Norden dorthin, wo es liegen sollte), tag_surprise und surprise (mehr ist merkwürdiger). Vorgabe: nicht geschrieben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>Size of the network</source>
      <translation>Größe des Netzes</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>Pretrained network</source>
      <translation>Vortrainiertes Netz</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>Fusion networks (*.safetensors)</source>
      <translation>Verschmelzungsnetze (*.safetensors)</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>Surprise</source>
      <translation>Überraschung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/pretrain.py" />
      <source>MODEL must be a .safetensors file that this algorithm wrote, not {path}.</source>
      <translation>MODEL muss eine .safetensors-Datei sein, die dieser Algorithmus schrieb, nicht {path}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Push</source>
      <translation>Übertragen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>edit</source>
      <translation>Änderung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>apply</source>
      <translation>anwenden</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>journal</source>
      <translation>Journal</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>write back</source>
      <translation>zurückschreiben</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Writes accepted edits into an edited copy of a layer, or into the layer itself. Every edit is checked against the feature as it stands now: one that was changed or deleted since it was flagged is stale and stays as it is. Each edit is written whole or not at all and stands in the ledger's journal with the feature before and after, so that Undo can take it back. If any edit could not be written, the run ends with an error that lists these, after all others have been written.</source>
      <translation>Schreibt angenommene Änderungen in eine bearbeitete Kopie eines Layers oder in den Layer selbst. Jede Änderung wird gegen das Objekt geprüft, wie es jetzt dasteht: eines, das seit der Meldung geändert oder gelöscht wurde, ist überholt und bleibt, wie es ist. Jede Änderung wird ganz oder gar nicht geschrieben und steht im Journal des Registers mit dem Objekt davor und danach, sodass Zurücknehmen sie rückgängig machen kann. Konnte eine nicht geschrieben werden, endet der Lauf mit einem Fehler, der diese aufzählt, nachdem alle anderen geschrieben sind.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>The ledger (GeoPackage) that holds discrepancies, decisions and the journal.</source>
      <translation>Das Register (GeoPackage) mit Unstimmigkeiten, Entscheidungen und dem Journal.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Layer to edit</source>
      <translation>Zu ändernder Layer</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>The layer that was flagged. It is known by its address, else by its name.</source>
      <translation>Der Layer, der beurteilt wurde. Er wird an seiner Adresse erkannt, sonst an seinem Namen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Write into</source>
      <translation>Schreiben in</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>copy: an edited copy, OUTPUT; the layer is left untouched. source: the layer itself; its file is copied first and put back if the push breaks off. Default: copy.</source>
      <translation>copy: eine bearbeitete Kopie, OUTPUT; der Layer bleibt unberührt. source: der Layer selbst; seine Datei wird zuerst kopiert und zurückgelegt, wenn die Übertragung abbricht. Vorgabe: copy.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Also push undecided ones from this probability on</source>
      <translation>Auch unentschiedene ab dieser Wahrscheinlichkeit übertragen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Discrepancies without a decision whose probability (0 to 1) of being a real error is at least this are pushed besides the accepted ones; 1 for next to none. Must be given for APPLY=source outside the QGIS window. Default: accepted ones alone.</source>
      <translation>Unstimmigkeiten ohne Entscheidung, die mindestens mit dieser Wahrscheinlichkeit (0 bis 1) ein wirklicher Fehler sind, werden neben den angenommenen übertragen; 1 für so gut wie keine. Für APPLY=source außerhalb des QGIS-Fensters nötig. Vorgabe: nur angenommene.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Most edits</source>
      <translation>Höchstzahl der Änderungen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>If more edits than this number are due, none is made. 0: any number. Must be given for APPLY=source outside the QGIS window. Default: any number.</source>
      <translation>Stehen mehr Änderungen als diese an, wird keine gemacht. 0: beliebig viele. Für APPLY=source außerhalb des QGIS-Fensters nötig. Vorgabe: beliebig viele.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Columns for values</source>
      <translation>Spalten für Werte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Which column takes a value that the ledger calls by another name, as JSON: {"building": "TYPE"}. Other values go into the column of the same name or alias; a column is never added. Default: none.</source>
      <translation>Welche Spalte einen Wert aufnimmt, den das Register anders nennt, als JSON: {"building": "TYPE"}. Andere Werte gehen in die Spalte gleichen Namens oder Alias; eine Spalte wird nie hinzugefügt. Vorgabe: keine.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Edited copy</source>
      <translation>Bearbeitete Kopie</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>The edited copy, a GeoPackage (.gpkg) with all columns and the same feature ids. An earlier copy of that name is replaced. Used with APPLY=copy.</source>
      <translation>Die bearbeitete Kopie, ein GeoPackage (.gpkg) mit allen Spalten und denselben Objekt-Ids. Eine frühere Kopie dieses Namens wird ersetzt. Verwendet mit APPLY=copy.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Edits applied</source>
      <translation>Geschriebene Änderungen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Edits left, as their feature has changed</source>
      <translation>Liegengelassene, da sich ihr Objekt geändert hat</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Edits that the layer refused</source>
      <translation>Vom Layer abgelehnte Änderungen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>Id of this push, for Undo</source>
      <translation>Id dieser Übertragung, fürs Zurücknehmen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>The layer TARGET cannot be opened; choose a vector layer.</source>
      <translation>Der Layer TARGET lässt sich nicht öffnen; wähle einen Vektorlayer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>APPLY=copy needs OUTPUT: name a GeoPackage for the edited copy, or use APPLY=source.</source>
      <translation>APPLY=copy braucht OUTPUT: nenne ein GeoPackage für die bearbeitete Kopie, oder nimm APPLY=source.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>APPLY=source without the QGIS window needs both PUSH_ABOVE and MAX_EDITS; give them, or push into a copy.</source>
      <translation>APPLY=source ohne das QGIS-Fenster braucht sowohl PUSH_ABOVE als auch MAX_EDITS; gib sie an, oder übertrage in eine Kopie.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>{done} edits were applied to {where} (push {name}).</source>
      <translation>{done} Änderungen wurden in {where} geschrieben (Übertragung {name}).</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>COLUMNS must be a JSON object from names to columns, such as {example}.</source>
      <translation>COLUMNS muss ein JSON-Objekt von Namen zu Spalten sein, etwa {example}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>MAX_EDITS must be a whole number, not {number}.</source>
      <translation>MAX_EDITS muss eine ganze Zahl sein, nicht {number}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>the edited copy was not made: {why}</source>
      <translation>die bearbeitete Kopie wurde nicht angelegt: {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>COLUMNS is no valid JSON: {why}.</source>
      <translation>COLUMNS ist kein gültiges JSON: {why}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>No edit is due for {layer}: nothing is accepted, or what is accepted only asks to look or to go there again. PUSH_ABOVE takes undecided ones along.</source>
      <translation>Für {layer} steht keine Änderung an: nichts ist angenommen, oder was angenommen ist, verlangt nur, nachzusehen oder wieder hinzugehen. PUSH_ABOVE nimmt unentschiedene mit.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/push.py" />
      <source>{left} of {count} edits were not applied to {where}; the other {done} were (push {name}).</source>
      <translation>{left} von {count} Änderungen wurden in {where} nicht geschrieben; die anderen {done} schon (Übertragung {name}).</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Queue for review</source>
      <translation>Zur Prüfung einreihen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>order</source>
      <translation>Reihenfolge</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>audit</source>
      <translation>Stichprobe</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>sample</source>
      <translation>Stichprobe</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>error rate</source>
      <translation>Fehlerrate</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Draws the next items to review and writes them, in order, into the ledger's table 'queue'. First comes what mends most in a reviewer's time: the probability of a real error, as earlier decisions on its like correct it, times what mending it is worth, over the seconds it takes. Neighbours share a page, one view of the map. At least a tenth are features drawn at random from the whole layers, flagged or not: they alone say how wrong a layer is. Each queue replaces the one before; decisions stay.</source>
      <translation>Zieht die nächsten Einträge zur Prüfung und schreibt sie der Reihe nach in die Tabelle „queue“ des Registers. Zuerst kommt, was in der Zeit eines Prüfers am meisten behebt: die Wahrscheinlichkeit eines wirklichen Fehlers, wie frühere Entscheidungen über seinesgleichen sie berichtigen, mal dem, was seine Behebung wert ist, durch die Sekunden, die sie kostet. Nachbarn teilen sich eine Seite, einen Blick auf die Karte. Mindestens ein Zehntel sind Objekte, die zufällig aus den ganzen Layern gezogen werden, gemeldet oder nicht: sie allein sagen, wie falsch ein Layer ist. Jede Liste ersetzt die vorige; Entscheidungen bleiben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>WEIGHTS must give numbers by kind and by class, such as {"kinds": {"missing": 2}}.</source>
      <translation>WEIGHTS muss Zahlen je Art und je Klasse angeben, etwa {"kinds": {"missing": 2}}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>How many items the queue gets, the audit's included. A long queue learns late: make a new one now and then. Default: 100.</source>
      <translation>Wie viele Einträge die Liste bekommt, die der Stichprobe eingeschlossen. Eine lange Liste lernt spät: mach ab und zu eine neue. Vorgabe: 100.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>The share of items drawn at random, from 0.1 to 1; 1 for an audit alone. Queues of fewer than 10 items may have none. Default: 0.1.</source>
      <translation>Der Anteil zufällig gezogener Einträge, von 0,1 bis 1; 1 für eine reine Stichprobe. Listen von weniger als 10 Einträgen haben vielleicht keine. Vorgabe: 0,1.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Layers that were judged and are no longer where the ledger says, or were never a file; known by their address, else by their name. The audit draws from them. Default: none, they are opened where the ledger says.</source>
      <translation>Layer, die beurteilt wurden und nicht mehr dort sind, wo das Register sagt, oder nie eine Datei waren; erkannt an ihrer Adresse, sonst an ihrem Namen. Die Stichprobe zieht aus ihnen. Vorgabe: keine, sie werden geöffnet, wo das Register sagt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>JSON that weights kinds and classes, such as {"kinds": {"missing": 2}, "classes": {"hospital": 5}}: kinds in place of the usual weights, which the documentation lists under Review, classes on top of them. 0 puts them last. Default: empty.</source>
      <translation>JSON, das Arten und Klassen gewichtet, etwa {"kinds": {"missing": 2}, "classes": {"hospital": 5}}: Arten anstelle der üblichen Gewichte, die die Dokumentation bei der Prüfung aufzählt, Klassen obendrein. 0 stellt sie ans Ende. Vorgabe: leer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>The side of the ground, in metres, that a reviewer sees at once; items within it may share a page. Default: 150.</source>
      <translation>Die Seite des Bodens, in Metern, die ein Prüfer auf einmal sieht; Einträge darin dürfen sich eine Seite teilen. Vorgabe: 150.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>A GeoPackage with the items in order, their geometries and empty columns for the decision. How an item was drawn is not in it. Default: not written.</source>
      <translation>Ein GeoPackage mit den Einträgen der Reihe nach, ihren Geometrien und leeren Spalten für die Entscheidung. Wie ein Eintrag gezogen wurde, steht nicht darin. Vorgabe: nicht geschrieben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Number of items</source>
      <translation>Zahl der Einträge</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Number of pages</source>
      <translation>Zahl der Seiten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Share of the random audit</source>
      <translation>Anteil der Zufallsstichprobe</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Judged layers that have moved</source>
      <translation>Beurteilte Layer, die umgezogen sind</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>What mending is worth</source>
      <translation>Was eine Behebung wert ist</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Width of a page</source>
      <translation>Breite einer Seite</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>Queue as a layer</source>
      <translation>Liste als Layer</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>“{layer}” has no feature where it was judged.</source>
      <translation>„{layer}“ hat kein Objekt, wo er beurteilt wurde.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>The layer “{layer}” is no longer at {address}, and the random audit draws from all of its features; name it in LAYERS.</source>
      <translation>Der Layer „{layer}“ ist nicht mehr unter {address}, und die Zufallsstichprobe zieht aus all seinen Objekten; nenne ihn in LAYERS.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/queue.py" />
      <source>WEIGHTS is no JSON ({why}); mend it.</source>
      <translation>WEIGHTS ist kein JSON ({why}); verbessere es.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Map from field points</source>
      <translation>Karte aus Feldpunkten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>random forest</source>
      <translation>Zufallswald</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>gradient boosting</source>
      <translation>verstärkte Bäume</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>species distribution</source>
      <translation>Artverbreitung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>presence</source>
      <translation>Vorkommen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>biomass</source>
      <translation>Biomasse</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>soil</source>
      <translation>Boden</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>air quality</source>
      <translation>Luftgüte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>quantile</source>
      <translation>Quantil</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>spatial cross-validation</source>
      <translation>räumliche Kreuzvalidierung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Makes a map from field points: of a value such as biomass, soil carbon or air quality, of presence and absence, or of how well places suit what was found (presences alone). Learns from rasters of any kind, embeddings of geoloop:embed among them, and writes the estimate of every pixel with bounds that hold nine of ten. How good the map is where nobody measured is judged on blocks of ground that are left out; the usual random split is shown beside it, so that you see how much it flatters.</source>
      <translation>Macht aus Feldpunkten eine Karte: eines Werts wie Biomasse, Bodenkohlenstoff oder Luftgüte, von Vorkommen und Fehlen, oder davon, wie gut Orte zu dem passen, was gefunden wurde (nur Vorkommen). Lernt aus Rastern jeder Art, auch Einbettungen von geoloop:embed, und schreibt die Schätzung jedes Pixels mit Schranken, die für neun von zehn gelten. Wie gut die Karte ist, wo niemand gemessen hat, wird an ausgelassenen Geländeblöcken beurteilt; die übliche zufällige Teilung steht daneben, damit du siehst, wie sehr sie schmeichelt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>What may tell the value: imagery, elevation, climate, embeddings. The one with the finest pixel gives the map's grid, and its CRS must be metric.</source>
      <translation>Was den Wert verraten mag: Bilder, Höhe, Klima, Einbettungen. Das mit den feinsten Pixeln gibt das Raster der Karte vor, und sein KBS muss metrisch sein.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>The points that were visited; of lines and areas the middle counts.</source>
      <translation>Die besuchten Punkte; von Linien und Flächen zählt die Mitte.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>The field with a number, or with presence and absence as yes and no, or 1 and 0. Default: none, every point is a presence.</source>
      <translation>Das Feld mit einer Zahl, oder mit Vorkommen und Fehlen als ja und nein, oder 1 und 0. Vorgabe: keines, jeder Punkt ist ein Vorkommen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>forest: a random forest, steady with few points. boosting: boosted trees, often better with many. Default: forest.</source>
      <translation>forest: ein Zufallswald, beständig bei wenigen Punkten. boosting: verstärkte Bäume, oft besser bei vielen. Vorgabe: forest.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>The field that names the station, plot or transect; what was measured at one is never judged by what else was measured there. Default: none, each point is its own.</source>
      <translation>Das Feld, das Station, Probefläche oder Transekt nennt; was an einer gemessen wurde, wird nie nach dem beurteilt, was dort sonst gemessen wurde. Vorgabe: keines, jeder Punkt steht für sich.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>For presences alone: so many places are drawn evenly from the rasters to tell presences from. Default: 2000.</source>
      <translation>Nur bei Vorkommen: so viele Orte werden gleichmäßig aus den Rastern gezogen, um Vorkommen von ihnen zu unterscheiden. Vorgabe: 2000.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>The area of the map, in any CRS. Default: empty, all of RASTERS.</source>
      <translation>Das Gebiet der Karte, in beliebigem KBS. Vorgabe: leer, alles, was RASTERS decken.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Three bands, as GeoTIFF: the estimate, and two bounds; the value is expected to lie below the lower in 5 % of all places, and above the upper in 5 %. Of presences the bounds are the spread of the models. Scores are in its metadata.</source>
      <translation>Drei Bänder, als GeoTIFF: die Schätzung und zwei Schranken; unter der unteren und über der oberen wird der Wert an je 5 % aller Orte erwartet. Bei Vorkommen sind die Schranken die Streuung der Modelle. Gütemaße stehen in den Metadaten.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>R², or AUC of presences, on blocks of ground left out</source>
      <translation>R², oder AUC bei Vorkommen, an ausgelassenen Geländeblöcken</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Number of points that were learnt from</source>
      <translation>Zahl der Punkte, aus denen gelernt wurde</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>FIELD names no layer; choose the points to learn from.</source>
      <translation>FIELD nennt keinen Layer; wähle die Punkte, aus denen gelernt werden soll.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Rasters</source>
      <translation>Raster</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Field points</source>
      <translation>Feldpunkte</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>What was measured</source>
      <translation>Was gemessen wurde</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Station</source>
      <translation>Station</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/regresspoints.py" />
      <source>Places of background</source>
      <translation>Orte des Hintergrunds</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Report</source>
      <translation>Bericht</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>report</source>
      <translation>Bericht</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>html</source>
      <translation>html</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>plots</source>
      <translation>Diagramme</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>print</source>
      <translation>drucken</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>One page to hand on, for screen, phone and A4, that needs nothing from outside: maps of what was flagged and what became of it, how far each source can be trusted, how often a flag is right, whether the probabilities mean what they say, what a look was worth, accuracy and area, what was written into the layers, and where all of it comes from. What the ledger does not hold is named, with the way to get it. Imagery is shown where it can still be read. Nothing is uploaded; folders and passwords of layers do not appear.</source>
      <translation>Eine Seite zum Weitergeben, für Bildschirm, Telefon und A4, die nichts von außen braucht: Karten dessen, was gemeldet wurde und was daraus wurde, wie weit jeder Quelle zu trauen ist, wie oft eine Meldung stimmt, ob die Wahrscheinlichkeiten meinen, was sie sagen, was ein Blick wert war, Genauigkeit und Fläche, was in die Layer geschrieben wurde und woher das alles kommt. Was das Register nicht enthält, wird genannt, mit dem Weg dahin. Bilder werden gezeigt, wo sie noch lesbar sind. Nichts wird hochgeladen; Ordner und Passwörter von Layern erscheinen nicht.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>What stands at the top of the page. Default: empty, made from the ledger's name.</source>
      <translation>Was oben auf der Seite steht. Vorgabe: leer, aus dem Namen des Registers gemacht.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>What the licences of the sources ask to be printed, under each map, such as © OpenStreetMap contributors. Default: empty, names and licences of the sources.</source>
      <translation>Was die Lizenzen der Quellen gedruckt verlangen, unter jeder Karte, etwa © OpenStreetMap-Mitwirkende. Vorgabe: leer, Namen und Lizenzen der Quellen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>A result of geoloop:evaluate (JSON) that the ledger does not hold. Default: none, what the ledger holds.</source>
      <translation>Ein Ergebnis von geoloop:evaluate (JSON), das das Register nicht enthält. Vorgabe: keines, was das Register enthält.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Whether reviewers are named on the page. Default: no.</source>
      <translation>Ob Prüfer auf der Seite genannt werden. Vorgabe: nein.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>A folder that gets the page's maps and plots as PNG files. Default: not written.</source>
      <translation>Ein Ordner, der Karten und Diagramme der Seite als PNG-Dateien bekommt. Vorgabe: nicht geschrieben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Pictures on the page</source>
      <translation>Bilder auf der Seite</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Title</source>
      <translation>Titel</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Attribution</source>
      <translation>Namensnennung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Evaluation</source>
      <translation>Bewertung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Name reviewers</source>
      <translation>Prüfer nennen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>Folder of images</source>
      <translation>Ordner für Bilder</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/report.py" />
      <source>{path} of IMAGES is no folder.</source>
      <translation>{path} von IMAGES ist kein Ordner.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Design a sample</source>
      <translation>Eine Stichprobe entwerfen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>stratified</source>
      <translation>geschichtet</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>systematic</source>
      <translation>systematisch</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>survey</source>
      <translation>Erhebung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>reference</source>
      <translation>Referenz</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Draws a probability sample of a class raster, of a layer's features, or of the ground of a ledger: units to visit or to look at, each with its chance of having been drawn. Fill in class_reference and hand the layer to geoloop:evaluate for accuracy and area with intervals, or to geoloop:loop as field layer. Strata by map class or by disagreement put more units where a few would say little.</source>
      <translation>Zieht eine Zufallsstichprobe aus einem Klassenraster, aus den Objekten eines Layers oder aus dem Boden eines Registers: Einheiten zum Besuchen oder Ansehen, jede mit ihrer Wahrscheinlichkeit, gezogen zu werden. Fülle class_reference aus und gib den Layer an geoloop:evaluate für Genauigkeit und Fläche mit Intervallen, oder an geoloop:loop als Feldlayer. Schichten nach Kartenklasse oder nach Uneinigkeit setzen mehr Einheiten dorthin, wo wenige zu wenig sagten.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>What is drawn from: pixels of a raster of class codes, features of a layer, or the ground of a ledger (its .gpkg, or any layer of it).</source>
      <translation>Woraus gezogen wird: Pixel eines Rasters von Klassencodes, Objekte eines Layers oder der Boden eines Registers (seine .gpkg oder ein Layer daraus).</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>How many units are drawn. Systematic samples of rasters may have a few more or less. Default: 300.</source>
      <translation>Wie viele Einheiten gezogen werden. Bei regelmäßigen Stichproben aus Rastern können es einige mehr oder weniger sein. Vorgabe: 300.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>simple: every unit alike. map_class: within each class of the map, which tells most of rare classes. disagreement: more where two maps, or the ledger's sources, differ. systematic: on a regular pattern from a random start. Default: map_class.</source>
      <translation>simple: jede Einheit gleich. map_class: innerhalb jeder Klasse der Karte, was am meisten von seltenen Klassen sagt. disagreement: mehr, wo zwei Karten oder die Quellen des Registers sich unterscheiden. systematic: in regelmäßigem Muster ab einem zufälligen Anfang. Vorgabe: map_class.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>For strata by disagreement of a raster: the raster that it is compared with, such as the map of another year or another method, of the same classes. Default: none.</source>
      <translation>Für Schichten nach Uneinigkeit bei einem Raster: das Raster, mit dem es verglichen wird, etwa die Karte eines anderen Jahres oder Verfahrens, mit denselben Klassen. Vorgabe: keines.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Class field</source>
      <translation>Klassenfeld</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>For features: the field that holds the class; DESIGN map_class needs it. Default: none.</source>
      <translation>Für Objekte: das Feld mit der Klasse; DESIGN map_class braucht es. Vorgabe: keines.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>For a raster: names for its codes, as a JSON file, or one of the shipped legends, buildings and landcover. Default: empty, the names in the raster, else its codes.</source>
      <translation>Bei einem Raster: Namen für seine Codes, als JSON-Datei oder eine der mitgelieferten Legenden, buildings und landcover. Vorgabe: leer, die Namen im Raster, sonst seine Codes.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>How units go to strata beyond MINIMUM: proportional to their size, or equal. Default: proportional.</source>
      <translation>Wie Einheiten über MINIMUM hinaus an Schichten gehen: im Verhältnis ihrer Größe, oder gleich. Vorgabe: im Verhältnis.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>So many units each stratum gets, or all it has. Default: 25.</source>
      <translation>So viele Einheiten bekommt jede Schicht, oder alle, die sie hat. Vorgabe: 25.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>The area to draw from, in any CRS. Default: empty, all of INPUT.</source>
      <translation>Das Gebiet, aus dem gezogen wird, in beliebigem KBS. Vorgabe: leer, ganz INPUT.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>The GeoPackage to write: points or features with their stratum, inclusion_probability, and class_reference to fill in.</source>
      <translation>Das GeoPackage, das geschrieben wird: Punkte oder Objekte mit ihrer Schicht, inclusion_probability und class_reference zum Ausfüllen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Class raster, features, or a ledger</source>
      <translation>Klassenraster, Objekte oder ein Register</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Design</source>
      <translation>Entwurf</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Second class raster</source>
      <translation>Zweites Klassenraster</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Allocation</source>
      <translation>Aufteilung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Least units of a stratum</source>
      <translation>Mindestzahl je Schicht</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/sampledesign.py" />
      <source>Sample</source>
      <translation>Stichprobe</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>Stack imagery</source>
      <translation>Bilder stapeln</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>bands</source>
      <translation>Bänder</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>layer stack</source>
      <translation>Bänderstapel</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>resample</source>
      <translation>umrechnen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>reproject</source>
      <translation>umprojizieren</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>sentinel-2</source>
      <translation>sentinel-2</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>landsat</source>
      <translation>landsat</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>radar</source>
      <translation>Radar</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>dem</source>
      <translation>Höhenmodell</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>time series</source>
      <translation>Zeitreihe</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>Brings rasters of any resolution and CRS onto one grid and writes all their bands into one GeoTIFF. Each band keeps its name, wavelength, date, scale and its own nodata. File names of Sentinel-2 and Landsat, ENVI headers and STAC items beside a raster are understood. Where nothing needs resampling, the numbers stay as they are.</source>
      <translation>Bringt Raster jeder Auflösung und jedes KBS auf ein gemeinsames Gitter und schreibt all ihre Bänder in ein GeoTIFF. Jedes Band behält Namen, Wellenlänge, Datum, Skalierung und seinen eigenen Nodata-Wert. Dateinamen von Sentinel-2 und Landsat, ENVI-Köpfe und STAC-Einträge neben einem Raster werden verstanden. Wo nichts umgerechnet werden muss, bleiben die Zahlen, wie sie sind.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>The raster layers to stack, in the order of their bands: optical, radar, elevation, of one or several dates. All need a CRS; at least one, or GRID, must have a metric one.</source>
      <translation>Die zu stapelnden Rasterlayer, in der Reihenfolge ihrer Bänder: optisch, Radar, Höhe, von einem oder mehreren Tagen. Alle brauchen ein KBS; mindestens einer, oder GRID, ein metrisches.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>A raster layer whose CRS, pixels and extent the stack takes over; it is not stacked itself. Default: empty, the raster of INPUT with the smallest pixels and a metric CRS.</source>
      <translation>Ein Rasterlayer, dessen KBS, Pixel und Ausdehnung der Stapel übernimmt; er selbst wird nicht gestapelt. Vorgabe: leer, das Raster von INPUT mit den kleinsten Pixeln und metrischem KBS.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>The side of a pixel in metres on the ground. Coarser than a raster: its pixels are averaged; finer: interpolated. Default: empty, that of the grid.</source>
      <translation>Die Seite eines Pixels in Metern am Boden. Gröber als ein Raster: seine Pixel werden gemittelt; feiner: interpoliert. Vorgabe: leer, die des Rasters.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>The area that the stack covers, in any CRS, widened to whole pixels. Default: empty, that of the grid.</source>
      <translation>Das Gebiet, das der Stapel deckt, in beliebigem KBS, auf ganze Pixel erweitert. Vorgabe: leer, das des Rasters.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>An encoder that was taught to say what clouds and missing data hide, with its published file: prithvi_eo_v2_300_tl:/path/Prithvi_EO_V2_300M_TL.pt. What it says is a guess from what is seen around, before and after: map with it, do not measure with it. Default: empty, gaps stay gaps.</source>
      <translation>Ein Encoder, der gelernt hat zu sagen, was Wolken und fehlende Daten verbergen, mit seiner veröffentlichten Datei: prithvi_eo_v2_300_tl:/path/Prithvi_EO_V2_300M_TL.pt. Was er sagt, ist eine Vermutung aus dem, was ringsum, davor und danach zu sehen ist: zum Kartieren, nicht zum Messen. Vorgabe: leer, Lücken bleiben Lücken.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>Stack</source>
      <translation>Stapel</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>The GeoTIFF to write: the rasters' own integer type where none is resampled, else 32-bit floating-point numbers with NaN as nodata.</source>
      <translation>Das GeoTIFF, das geschrieben wird: der eigene Ganzzahltyp der Raster, wo keines umgerechnet wird, sonst 32-Bit-Gleitkommazahlen mit NaN als Nodata.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>Grid</source>
      <translation>Raster</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>Resolution</source>
      <translation>Auflösung</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/stackimagery.py" />
      <source>Fill gaps with</source>
      <translation>Lücken füllen mit</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>Undo</source>
      <translation>Zurücknehmen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>revert</source>
      <translation>rückgängig</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>push</source>
      <translation>übertragen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>Takes pushed edits back, the last first, in the layer or the edited copy that they were pushed into. A feature that was changed since the push is left as it is. If any edit could not be taken back, the run ends with an error that lists these, after all others have been taken back.</source>
      <translation>Nimmt übertragene Änderungen zurück, die letzte zuerst, im Layer oder in der bearbeiteten Kopie, in die sie gingen. Ein Objekt, das seit der Übertragung geändert wurde, bleibt, wie es ist. Konnte eine nicht zurückgenommen werden, endet der Lauf mit einem Fehler, der diese aufzählt, nachdem alle anderen zurückgenommen sind.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>The ledger (GeoPackage) whose journal has the pushes.</source>
      <translation>Das Register (GeoPackage), dessen Journal die Übertragungen enthält.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>Layer or copy</source>
      <translation>Layer oder Kopie</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>The layer that was pushed into: the source, or an edited copy.</source>
      <translation>Der Layer, in den übertragen wurde: die Quelle oder eine bearbeitete Kopie.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>last: the last push that has something left to take back. all: every push. Or the id of a push, or the uid of one discrepancy. Default: last.</source>
      <translation>last: die letzte Übertragung, von der noch etwas übrig ist. all: jede. Oder die Id einer Übertragung, oder die uid einer Unstimmigkeit. Vorgabe: last.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>What to take back</source>
      <translation>Was zurückgenommen wird</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>Edits taken back</source>
      <translation>Zurückgenommene Änderungen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>Edits left as they are</source>
      <translation>Belassene Änderungen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>The layer TARGET cannot be opened; choose the layer that was pushed into.</source>
      <translation>Der Layer TARGET lässt sich nicht öffnen; wähle den Layer, in den übertragen wurde.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>{done} edits were taken back in {layer}.</source>
      <translation>{done} Änderungen wurden in {layer} zurückgenommen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>Nothing is left to take back in {layer} for WHICH={which}; give last, all, the id of a push, or a uid.</source>
      <translation>In {layer} ist für WHICH={which} nichts mehr zurückzunehmen; gib last, all, die Id einer Übertragung oder eine uid an.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/undo.py" />
      <source>{left} of {count} edits were not taken back in {layer}; the other {done} were.</source>
      <translation>{left} von {count} Änderungen wurden in {layer} nicht zurückgenommen; die anderen {done} schon.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>Save web imagery</source>
      <translation>Netzbilder speichern</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>xyz</source>
      <translation>xyz</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>wms</source>
      <translation>wms</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>wmts</source>
      <translation>wmts</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>tiles</source>
      <translation>Kacheln</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>web</source>
      <translation>Netz</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>licence</source>
      <translation>Lizenz</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>download</source>
      <translation>herunterladen</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>Saves what an XYZ, WMS or WMTS layer shows of an area as a GeoTIFF, at a resolution that you choose, so that the other algorithms can work on it. Many web maps may be looked at and not saved, traced or learnt from: read the licence of the layer first, and say in LICENCE what it is. The answer stays with the raster.</source>
      <translation>Speichert, was ein XYZ-, WMS- oder WMTS-Layer von einem Gebiet zeigt, als GeoTIFF, in einer Auflösung, die du wählst, sodass die anderen Algorithmen damit arbeiten können. Viele Netzkarten darf man ansehen und nicht speichern, abzeichnen oder daraus lernen: lies zuerst die Lizenz des Layers und sage in LICENCE, welche es ist. Die Antwort bleibt beim Raster.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>A layer of a web map in the project: XYZ tiles, WMS or WMTS.</source>
      <translation>Ein Layer einer Netzkarte im Projekt: XYZ-Kacheln, WMS oder WMTS.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>The area to save, in any CRS.</source>
      <translation>Das zu speichernde Gebiet, in beliebigem KBS.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>The side of a pixel in metres on the ground. Finer than what the server has only makes the file larger. Default: 0.5.</source>
      <translation>Die Seite eines Pixels in Metern am Boden. Feiner, als der Server es hat, macht die Datei nur größer. Vorgabe: 0,5.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>What the imagery's licence is, such as CC BY 4.0, as it shall stand in the metadata. What the layer and its server say of rights, fees and access constraints is shown before anything is saved.</source>
      <translation>Was die Lizenz der Bilder ist, etwa CC BY 4.0, wie es in den Metadaten stehen soll. Was der Layer und sein Server von Rechten, Gebühren und Zugriffsbeschränkungen sagen, wird gezeigt, ehe etwas gespeichert wird.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>Whether you have read the licence and it allows to save this imagery and to derive map data from it. Default: no, nothing is saved.</source>
      <translation>Ob du die Lizenz gelesen hast und sie erlaubt, diese Bilder zu speichern und Kartendaten daraus abzuleiten. Vorgabe: nein, nichts wird gespeichert.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>Imagery</source>
      <translation>Bilder</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>The GeoTIFF to write: red, green, blue, and where the map shows nothing.</source>
      <translation>Das GeoTIFF, das geschrieben wird: Rot, Grün, Blau, und wo die Karte nichts zeigt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>INPUT is no layer of a web map; raster files need no saving, the other algorithms take them as they are.</source>
      <translation>INPUT ist kein Layer einer Netzkarte; Rasterdateien müssen nicht gespeichert werden, die anderen Algorithmen nehmen sie, wie sie sind.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>EXTENT is empty; choose an area with a width and a height.</source>
      <translation>EXTENT ist leer; wähle ein Gebiet mit Breite und Höhe.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>Web imagery</source>
      <translation>Netzbilder</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>Licence</source>
      <translation>Lizenz</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>The licence allows saving it and deriving data from it</source>
      <translation>Die Lizenz erlaubt das Speichern und das Ableiten von Daten</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>{width} × {height} pixels of {resolution} m on the ground, about {tiles} tiles of the server.</source>
      <translation>{width} × {height} Pixel von {resolution} m am Boden, etwa {tiles} Kacheln des Servers.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>Read the licence of “{name}” first ({told}): if it allows to save the imagery and to derive data from it, set ALLOWED.</source>
      <translation>Lies zuerst die Lizenz von „{name}“ ({told}): erlaubt sie, die Bilder zu speichern und Daten daraus abzuleiten, setze ALLOWED.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>LICENCE is empty; say what the licence of “{name}” is.</source>
      <translation>LICENCE ist leer; sage, was die Lizenz von „{name}“ ist.</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>“{name}” says of itself: {told}</source>
      <translation>„{name}“ sagt von sich: {told}</translation>
    </message>
    <message>
      <location filename="../processing_provider/algorithms/webimagery.py" />
      <source>the layer itself names none</source>
      <translation>der Layer selbst nennt keine</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/address.py" />
      <source>The ledger {ledger} does not know the layer {target}; it knows {known}. Choose one of these.</source>
      <translation>Das Register {ledger} kennt den Layer {target} nicht; es kennt {known}. Wähle einen davon.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/address.py" />
      <source>{target} is taken for {name}, the only editable map layer of the ledger.</source>
      <translation>{target} gilt als {name}, der einzige änderbare Kartenlayer des Registers.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/address.py" />
      <source>The journal of {ledger} knows no push into {target}; it knows pushes into {known}.</source>
      <translation>Das Journal von {ledger} kennt keine Übertragung in {target}; es kennt Übertragungen in {known}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/address.py" />
      <source>no layer</source>
      <translation>kein Layer</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>kept in the ledger only, as the layer has no such column: {names}</source>
      <translation>nur im Register behalten, da der Layer keine solche Spalte hat: {names}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>another edit of this push has deleted the feature</source>
      <translation>eine andere Änderung dieser Übertragung hat das Objekt gelöscht</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>another edit of this push has deleted the feature that should stay</source>
      <translation>eine andere Änderung dieser Übertragung hat das Objekt gelöscht, das bleiben soll</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>the feature has been changed since it was flagged: it lies elsewhere</source>
      <translation>das Objekt wurde seit der Meldung geändert: es liegt anderswo</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>another edit of this push has changed the same part of the feature</source>
      <translation>eine andere Änderung dieser Übertragung hat denselben Teil des Objekts geändert</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>an edit of the kind {edit} cannot be pushed</source>
      <translation>eine Änderung der Art {edit} lässt sich nicht übertragen</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>the discrepancy says no value to set</source>
      <translation>die Unstimmigkeit nennt keinen zu setzenden Wert</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>no column {column}</source>
      <translation>keine Spalte {column}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>The lock {lock} of the layer {layer} cannot be used ({why}); mend it in SOURCES.</source>
      <translation>Die Sperre {lock} des Layers {layer} ist nicht verwendbar ({why}); verbessere sie in SOURCES.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>its outline would be traced from {imagery}, which may not be traced (may_trace is false in SOURCES)</source>
      <translation>sein Umriss wäre aus {imagery} abgezeichnet, was nicht abgezeichnet werden darf (may_trace ist false in SOURCES)</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>the layer has such a feature already ({twin})</source>
      <translation>der Layer hat ein solches Objekt schon ({twin})</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>the feature has been changed since it was flagged ({parts})</source>
      <translation>das Objekt wurde seit der Meldung geändert ({parts})</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>the lock {lock} cannot be asked: {why}</source>
      <translation>die Sperre {lock} lässt sich nicht fragen: {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>{what} is locked ({lock})</source>
      <translation>{what} ist gesperrt ({lock})</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>the layer has no column for {names}</source>
      <translation>der Layer hat keine Spalte für {names}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>its neighbour {fid}</source>
      <translation>sein Nachbar {fid}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/apply.py" />
      <source>the feature</source>
      <translation>das Objekt</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/backup.py" />
      <source>No backup of {path} could be made ({why}), so it was not edited; make room beside it, or push into a copy.</source>
      <translation>Von {path} ließ sich keine Sicherung machen ({why}), also wurde nichts geändert; schaffe Platz daneben, oder übertrage in eine Kopie.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/backup.py" />
      <source>The file {path} could not be brought back ({why}); its copy as it was lies in {folder}.</source>
      <translation>Die Datei {path} ließ sich nicht zurücklegen ({why}); ihre Kopie, wie sie war, liegt in {folder}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/buffer.py" />
      <source>the layer refused the new feature</source>
      <translation>der Layer lehnte das neue Objekt ab</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/buffer.py" />
      <source>the layer refused to delete the feature</source>
      <translation>der Layer lehnte ab, das Objekt zu löschen</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/buffer.py" />
      <source>the layer refused the new geometry</source>
      <translation>der Layer lehnte die neue Geometrie ab</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/buffer.py" />
      <source>the layer refused the new values</source>
      <translation>der Layer lehnte die neuen Werte ab</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/checks.py" />
      <source>The project edits its layers in transaction groups, in which edits cannot be taken back one by one; set the transaction mode of the project to local edit buffers.</source>
      <translation>Das Projekt ändert seine Layer in Transaktionsgruppen, in denen sich Änderungen nicht einzeln zurücknehmen lassen; stelle den Transaktionsmodus des Projekts auf lokale Bearbeitungspuffer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/checks.py" />
      <source>The file {path} is read-only; make it writable, or push into a copy.</source>
      <translation>Die Datei {path} ist schreibgeschützt; mach sie beschreibbar, oder übertrage in eine Kopie.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/checks.py" />
      <source>The layer {layer} is being edited; save or discard these edits first.</source>
      <translation>Der Layer {layer} wird gerade bearbeitet; speichere oder verwirf diese Änderungen zuerst.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/checks.py" />
      <source>The layer {layer} cannot be edited in its format ({provider}); push into a copy.</source>
      <translation>Der Layer {layer} lässt sich in seinem Format nicht ändern ({provider}); übertrage in eine Kopie.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/columns.py" />
      <source>the column {column} cannot hold {value} exactly</source>
      <translation>die Spalte {column} kann {value} nicht genau aufnehmen</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/columns.py" />
      <source>the column {column} refuses the value {value}: {why}</source>
      <translation>die Spalte {column} lehnt den Wert {value} ab: {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/columns.py" />
      <source>the column {column} cannot hold {value}: {why}</source>
      <translation>die Spalte {column} kann {value} nicht aufnehmen: {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/columns.py" />
      <source>COLUMNS says that {name} goes into {column}, but the layer {layer} has only {known}.</source>
      <translation>COLUMNS sagt, dass {name} in {column} geht, aber der Layer {layer} hat nur {known}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/columns.py" />
      <source>no columns</source>
      <translation>keine Spalten</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>the provider gave no reason</source>
      <translation>der Anbieter nannte keinen Grund</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>another program has changed or deleted the feature meanwhile</source>
      <translation>ein anderes Programm hat das Objekt inzwischen geändert oder gelöscht</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>the provider kept the feature</source>
      <translation>der Anbieter behielt das Objekt</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>the provider does not hold the feature</source>
      <translation>der Anbieter hat das Objekt nicht</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>the feature has been changed by another program while it was being edited</source>
      <translation>das Objekt wurde während der Bearbeitung von einem anderen Programm geändert</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>another edit of its batch was stale</source>
      <translation>eine andere Änderung ihres Bündels war überholt</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>the provider left the feature as it was</source>
      <translation>der Anbieter ließ das Objekt, wie es war</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>The layer {layer} could not be brought out of edit mode.</source>
      <translation>Der Layer {layer} ließ sich nicht aus dem Bearbeitungsmodus bringen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/commit.py" />
      <source>The layer {layer} holds half of an edit of the feature {fid} and does not take it back.</source>
      <translation>Der Layer {layer} enthält die Hälfte einer Änderung des Objekts {fid} und nimmt sie nicht zurück.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/cut_off.py" />
      <source>The file {path} was left in parts by a process that was killed, and cannot be made whole ({why}); let its folder be writable.</source>
      <translation>Die Datei {path} wurde von einem abgebrochenen Prozess in Teilen hinterlassen und kann nicht wieder ganz gemacht werden ({why}); ihren Ordner beschreibbar machen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/edited_copy.py" />
      <source>The edited copy {path} must be a GeoPackage; let OUTPUT end with .gpkg.</source>
      <translation>Die bearbeitete Kopie {path} muss ein GeoPackage sein; lass OUTPUT auf .gpkg enden.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/edited_copy.py" />
      <source>OUTPUT {path} is the layer's own file; name another one, or use APPLY=source.</source>
      <translation>OUTPUT {path} ist die eigene Datei des Layers; nenne eine andere, oder nimm APPLY=source.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/edited_copy.py" />
      <source>The copy of {layer} holds {found} of its {count} features; check the layer.</source>
      <translation>Die Kopie von {layer} enthält {found} seiner {count} Objekte; prüfe den Layer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/edited_copy.py" />
      <source>The edited copy {path} cannot be written ({why}); name a file in a folder you may write to.</source>
      <translation>Die bearbeitete Kopie {path} kann nicht geschrieben werden ({why}); nenne eine Datei in einem Ordner, in den du schreiben darfst.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/edited_copy.py" />
      <source>The edited copy {path} cannot be written: {why}</source>
      <translation>Die bearbeitete Kopie {path} kann nicht geschrieben werden: {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>the discrepancy names no feature</source>
      <translation>die Unstimmigkeit nennt kein Objekt</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>the feature has been deleted since it was flagged, or the filter of the layer hides it</source>
      <translation>das Objekt wurde seit der Meldung gelöscht, oder der Filter des Layers verbirgt es</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>the feature has been deleted since it was flagged</source>
      <translation>das Objekt wurde seit der Meldung gelöscht</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>the feature has been changed since it was flagged</source>
      <translation>das Objekt wurde seit der Meldung geändert</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>The layer {layer} has no column {key}, by which its features were known when they were flagged; choose the layer that was flagged.</source>
      <translation>Der Layer {layer} hat keine Spalte {key}, an der seine Objekte bei der Meldung erkannt wurden; wähle den Layer, der beurteilt wurde.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>several features have the key {key}</source>
      <translation>mehrere Objekte haben den Schlüssel {key}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>the layer no longer has the column {column}</source>
      <translation>der Layer hat die Spalte {column} nicht mehr</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/finding.py" />
      <source>{count} features look like the one that was flagged, and ids have changed</source>
      <translation>{count} Objekte sehen aus wie das gemeldete, und Ids haben sich geändert</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/open_layer.py" />
      <source>the file does not hold the feature</source>
      <translation>die Datei enthält das Objekt nicht</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/open_layer.py" />
      <source>The layer {layer} is not in edit mode.</source>
      <translation>Der Layer {layer} ist nicht im Bearbeitungsmodus.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/open_layer.py" />
      <source>The edits of “{layer}” are not in the journal yet: {why}</source>
      <translation>Die Änderungen von „{layer}“ stehen noch nicht im Journal: {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/open_layer.py" />
      <source>What was saved in “{layer}” is not in the journal yet: {why}</source>
      <translation>Was in „{layer}“ gespeichert wurde, steht noch nicht im Journal: {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/open_layer.py" />
      <source>What “{layer}” holds of the edits that could not be saved is not in the journal yet: {why}</source>
      <translation>Was „{layer}“ von den nicht speicherbaren Änderungen enthält, steht noch nicht im Journal: {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>added by this push</source>
      <translation>von dieser Übertragung hinzugefügt</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>the discrepancy proposes no geometry</source>
      <translation>die Unstimmigkeit schlägt keine Geometrie vor</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>id {fid}, which the filter hides</source>
      <translation>Id {fid}, die der Filter verbirgt</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>id {fid}</source>
      <translation>Id {fid}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>The filter of the layer {layer} cannot be taken off, so that it cannot be told what is there already; push into the layer without its filter.</source>
      <translation>Der Filter des Layers {layer} lässt sich nicht abnehmen, sodass sich nicht sagen lässt, was schon da ist; übertrage in den Layer ohne seinen Filter.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>The layer {layer} or the ledger has no known CRS; assign one.</source>
      <translation>Der Layer {layer} oder das Register hat kein bekanntes KBS; weise eines zu.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>The coordinate operation of the ledger does not fit the layer {layer}: {operation}</source>
      <translation>Die Koordinatenoperation des Registers passt nicht zum Layer {layer}: {operation}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>No exact coordinate operation leads from {grid} to the CRS of {layer}; install the transformation grid that QGIS asks for, or use a layer in the ledger's CRS.</source>
      <translation>Keine genaue Koordinatenoperation führt von {grid} zum KBS von {layer}; richte das Transformationsgitter ein, das QGIS verlangt, oder nimm einen Layer im KBS des Registers.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>the proposed geometry is invalid: {why}</source>
      <translation>die vorgeschlagene Geometrie ist ungültig: {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>the layer holds {wanted}, the proposal is {given}</source>
      <translation>der Layer enthält {wanted}, der Vorschlag ist {given}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>the proposed geometry is invalid in the layer's CRS: {why}</source>
      <translation>die vorgeschlagene Geometrie ist im KBS des Layers ungültig: {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/proposal.py" />
      <source>the proposed geometry cannot be brought into the layer's CRS: {why}</source>
      <translation>die vorgeschlagene Geometrie lässt sich nicht ins KBS des Layers bringen: {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/push.py" />
      <source>not touched when the edit was tried again</source>
      <translation>nicht angerührt, als die Änderung noch einmal versucht wurde</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/push.py" />
      <source>The layer {layer} cannot be switched to edit mode.</source>
      <translation>Der Layer {layer} lässt sich nicht in den Bearbeitungsmodus schalten.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/push.py" />
      <source>the push broke off and the layer was brought back: {why}</source>
      <translation>die Übertragung brach ab, und der Layer wurde zurückgebracht: {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/recovery.py" />
      <source>the undo was cut off before this edit was taken back</source>
      <translation>das Zurücknehmen brach ab, bevor diese Änderung zurückgenommen war</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/recovery.py" />
      <source>the push was cut off before this edit was written</source>
      <translation>die Übertragung brach ab, bevor diese Änderung geschrieben war</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/recovery.py" />
      <source>the push was cut off and the layer was edited since: look at the feature</source>
      <translation>die Übertragung brach ab, und der Layer wurde seitdem geändert: sieh dir das Objekt an</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/recovery.py" />
      <source>An earlier push into {address} was cut off; {done} of its {count} edits stand, the others do not.</source>
      <translation>Eine frühere Übertragung in {address} brach ab; {done} ihrer {count} Änderungen stehen, die anderen nicht.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/recovery.py" />
      <source>An earlier undo in {address} was cut off; {done} of {count} edits are taken back, the others are not.</source>
      <translation>Ein früheres Zurücknehmen in {address} brach ab; {done} von {count} Änderungen sind zurückgenommen, die anderen nicht.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/recovery.py" />
      <source>{lost}; the file as it was lies in {folder}</source>
      <translation>{lost}; die Datei, wie sie war, liegt in {folder}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/shared_vertices.py" />
      <source>the neighbour {fid}, which shares vertices with the feature, would become invalid</source>
      <translation>der Nachbar {fid}, der Stützpunkte mit dem Objekt teilt, würde ungültig</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/stand_in.py" />
      <source>The file {path} was written by another program while it was being edited; nothing was changed. Run this again.</source>
      <translation>Die Datei {path} wurde von einem anderen Programm geschrieben, während sie bearbeitet wurde; nichts wurde geändert. Noch einmal ausführen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/stand_in.py" />
      <source>The edited copy of {path} could not take its place ({why}) and lies whole in {folder}; close other programs that hold the file, and run this again.</source>
      <translation>Die bearbeitete Kopie von {path} konnte ihren Platz nicht einnehmen ({why}) und liegt ganz in {folder}; andere Programme schließen, die die Datei offen halten, und noch einmal ausführen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/stand_in.py" />
      <source>The edited copy of {path} could not be completed ({why}); nothing was changed.</source>
      <translation>Die bearbeitete Kopie von {path} konnte nicht fertiggestellt werden ({why}); nichts wurde geändert.</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/twins.py" />
      <source>the discrepancy does not say which feature stays</source>
      <translation>die Unstimmigkeit sagt nicht, welches Objekt bleibt</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/twins.py" />
      <source>the feature {key}, which should stay, is not there any more, or the filter of the layer hides it</source>
      <translation>das Objekt {key}, das bleiben soll, ist nicht mehr da, oder der Filter des Layers verbirgt es</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/twins.py" />
      <source>the feature {key}, which should stay, is not there any more</source>
      <translation>das Objekt {key}, das bleiben soll, ist nicht mehr da</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/undo.py" />
      <source>the feature has been deleted since the push</source>
      <translation>das Objekt wurde seit der Übertragung gelöscht</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/undo.py" />
      <source>the feature has been changed since the push</source>
      <translation>das Objekt wurde seit der Übertragung geändert</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/undo.py" />
      <source>the feature came back with the id {new} instead of {old}</source>
      <translation>das Objekt kam mit der Id {new} statt {old} zurück</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/undo.py" />
      <source>Undo: {command}</source>
      <translation>Zurücknehmen: {command}</translation>
    </message>
    <message>
      <location filename="../processing_provider/editing/undo.py" />
      <source>the layer was as before the push already</source>
      <translation>der Layer war schon wie vor der Übertragung</translation>
    </message>
    <message>
      <location filename="../processing_provider/engine/interpreter.py" />
      <source>geoloop:installengine</source>
      <translation>geoloop:installengine</translation>
    </message>
    <message>
      <location filename="../processing_provider/engine/interpreter.py" />
      <source>the QGIS setting {name}</source>
      <translation>die QGIS-Einstellung {name}</translation>
    </message>
    <message>
      <location filename="../processing_provider/engine/interpreter.py" />
      <source>the environment variable {name}</source>
      <translation>die Umgebungsvariable {name}</translation>
    </message>
    <message>
      <location filename="../processing_provider/engine/interpreter.py" />
      <source>GeoLoop's engine is not installed: run geoloop:installengine (Processing toolbox, GeoLoop, Install the engine), or name a Python that has the engine's packages in the environment variable {variable}.</source>
      <translation>Der Rechenkern von GeoLoop ist nicht eingerichtet: führe geoloop:installengine aus (Werkzeugkiste, GeoLoop, Den Rechenkern einrichten), oder nenne in der Umgebungsvariablen {variable} ein Python, das seine Pakete hat.</translation>
    </message>
    <message>
      <location filename="../processing_provider/engine/interpreter.py" />
      <source>GeoLoop's engine cannot start: {named_by} names {python}, which is no program; correct it or remove it.</source>
      <translation>Der Rechenkern von GeoLoop kann nicht starten: {named_by} nennt {python}, das kein Programm ist; berichtige oder entferne es.</translation>
    </message>
    <message>
      <location filename="../processing_provider/given.py" />
      <source>The file {path} of LEGEND does not exist.</source>
      <translation>Die Datei {path} von LEGEND gibt es nicht.</translation>
    </message>
    <message>
      <location filename="../processing_provider/given.py" />
      <source>The file {path} of MODEL does not exist.</source>
      <translation>Die Datei {path} von MODEL gibt es nicht.</translation>
    </message>
    <message>
      <location filename="../processing_provider/given.py" />
      <source>{name} must be a number, not {text}.</source>
      <translation>{name} muss eine Zahl sein, nicht {text}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/copy.py" />
      <source>Copying the layer “{name}” for the engine.</source>
      <translation>Der Layer „{name}“ wird für den Rechenkern kopiert.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/copy.py" />
      <source>The layer “{name}” cannot be copied for the engine: {why}</source>
      <translation>Der Layer „{name}“ lässt sich für den Rechenkern nicht kopieren: {why}</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/copy.py" />
      <source>The fields “{one}” and “{other}” of the layer “{name}” differ in case alone, so that the layer cannot be copied for the engine; rename one.</source>
      <translation>Die Felder „{one}“ und „{other}“ des Layers „{name}“ unterscheiden sich nur in Groß- und Kleinschreibung, sodass der Layer nicht für den Rechenkern kopiert werden kann; benenne eines um.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/fields.py" />
      <source>{parameter}: the layer “{name}” has no field “{field}”.</source>
      <translation>{parameter}: der Layer „{name}“ hat kein Feld „{field}“.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/judged.py" />
      <source>The layer “{layer}” has no field “{key}” any more, which identified its features; put it back, or flag the layer again.</source>
      <translation>Der Layer „{layer}“ hat kein Feld „{key}“ mehr, das seine Objekte kennzeichnete; stelle es wieder her, oder melde den Layer neu.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/judged.py" />
      <source>The filter {where} that “{layer}” was judged with cannot be used any more; mend the layer, or flag it again.</source>
      <translation>Der Filter {where}, mit dem „{layer}“ beurteilt wurde, ist nicht mehr verwendbar; bring den Layer in Ordnung, oder melde ihn neu.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/judged.py" />
      <source>The imagery {path}, which bounds the random audit, cannot be opened; put it back.</source>
      <translation>Die Bilder {path}, die die Zufallsstichprobe begrenzen, lassen sich nicht öffnen; lege sie zurück.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>the imagery within EXTENT</source>
      <translation>die Bilder innerhalb von EXTENT</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>the imagery “{name}”</source>
      <translation>die Bilder „{name}“</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>Neither MAP nor FIELD names a layer; give at least one for the imagery to be judged by.</source>
      <translation>Weder MAP noch FIELD nennt einen Layer; gib mindestens einen an, nach dem die Bilder beurteilt werden.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>EXTENT does not overlap {area}; choose an area of it, and look at the CRS that EXTENT is in.</source>
      <translation>EXTENT überlappt {area} nicht; wähle ein Gebiet daraus und prüfe das KBS, in dem EXTENT angegeben ist.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>{parameter}: “{given}” cannot be opened as a vector layer; check the path.</source>
      <translation>{parameter}: „{given}“ lässt sich nicht als Vektorlayer öffnen; prüfe den Pfad.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>{parameter}: the selection or the filter leaves no feature of “{name}”.</source>
      <translation>{parameter}: Auswahl oder Filter lassen kein Objekt von „{name}“ übrig.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>KEY is “{key}”, but no layer in MAP has such a field.</source>
      <translation>KEY ist „{key}“, aber kein Layer in MAP hat ein solches Feld.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>{parameter} names no layer; give at least one raster layer.</source>
      <translation>{parameter} nennt keinen Layer; gib mindestens einen Rasterlayer an.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>{parameter}: “{name}” is no raster layer.</source>
      <translation>{parameter}: „{name}“ ist kein Rasterlayer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>{parameter}: “{name}” is no vector layer.</source>
      <translation>{parameter}: „{name}“ ist kein Vektorlayer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>{parameter}: “{path}” cannot be opened as a layer; check the path, and whether another program locks the file.</source>
      <translation>{parameter}: „{path}“ lässt sich nicht als Layer öffnen; prüfe den Pfad, und ob ein anderes Programm die Datei sperrt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/layers.py" />
      <source>{parameter}: the layer “{name}” is broken; repair its data source.</source>
      <translation>{parameter}: der Layer „{name}“ ist kaputt; bring seine Datenquelle in Ordnung.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/map_input.py" />
      <source>{name}: “{given}” cannot be opened as a layer; check the path, and whether another program locks the file.</source>
      <translation>{name}: „{given}“ lässt sich nicht als Layer öffnen; prüfe den Pfad, und ob ein anderes Programm die Datei sperrt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/map_input.py" />
      <source>{name}: “{layer}” is neither a raster nor a vector layer.</source>
      <translation>{name}: „{layer}“ ist weder ein Raster- noch ein Vektorlayer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/models.py" />
      <source>MODEL names no file; give an .onnx or .safetensors file.</source>
      <translation>MODEL nennt keine Datei; gib eine .onnx- oder .safetensors-Datei an.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/models.py" />
      <source>MODEL must be an .onnx or .safetensors file, not {path}; export the model as ONNX where it was made.</source>
      <translation>MODEL muss eine .onnx- oder .safetensors-Datei sein, nicht {path}; gib das Modell dort als ONNX aus, wo es gemacht wurde.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/models.py" />
      <source>The file {path} of CARD does not exist.</source>
      <translation>Die Datei {path} von CARD gibt es nicht.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/names.py" />
      <source>Two of the layers in MAP and FIELD are called “{name}”; rename one, the ledger tells layers apart by name.</source>
      <translation>Zwei der Layer in MAP und FIELD heißen „{name}“; benenne einen um, das Register unterscheidet Layer nach Namen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/operation.py" />
      <source>There is no transformation from the CRS of “{name}” ({source}) to the grid's ({grid}); reproject the layer with native:reprojectlayer.</source>
      <translation>Vom KBS von „{name}“ ({source}) zu dem des Rasters ({grid}) gibt es keine Transformation; rechne den Layer mit native:reprojectlayer um.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/operation.py" />
      <source>Only a ballpark transformation is known from the CRS of “{name}” ({source}) to the grid's ({grid}), which may be off by hundreds of metres; install its transformation grid, correct the CRS, or set ALLOW_BALLPARK.</source>
      <translation>Vom KBS von „{name}“ ({source}) zu dem des Rasters ({grid}) ist nur eine ungefähre Transformation bekannt, die um Hunderte Meter danebenliegen kann; richte ihr Transformationsgitter ein, berichtige das KBS, oder setze ALLOW_BALLPARK.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/overlap.py" />
      <source>The layer “{name}” does not overlap {area}; check its CRS, or choose layers of one place.</source>
      <translation>Der Layer „{name}“ überlappt {area} nicht; prüfe sein KBS, oder wähle Layer eines Ortes.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/overlap.py" />
      <source>The layer “{name}” does not lie where its CRS {layer_crs} is valid; correct the CRS in its properties.</source>
      <translation>Der Layer „{name}“ liegt nicht dort, wo sein KBS {layer_crs} gilt; berichtige das KBS in seinen Eigenschaften.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/rasters.py" />
      <source>a UTM zone</source>
      <translation>einer UTM-Zone</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/rasters.py" />
      <source>The imagery “{name}” is a layer of the kind {kind}, not a raster file; save the part you need with geoloop:webimagery, which asks for resolution and licence, and use what it writes.</source>
      <translation>Die Bilder „{name}“ sind ein Layer der Art {kind}, keine Rasterdatei; speichere den Teil, den du brauchst, mit geoloop:webimagery, das nach Auflösung und Lizenz fragt, und nimm, was es schreibt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/rasters.py" />
      <source>The imagery “{name}” has no coordinate reference system; set it in the layer's properties or with gdal:assignprojection.</source>
      <translation>Die Bilder „{name}“ haben kein Koordinatenbezugssystem; setze es in den Eigenschaften des Layers oder mit gdal:assignprojection.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/rasters.py" />
      <source>The imagery “{name}” gives the grid, but its CRS {crs} is in degrees; reproject it to a metric CRS with gdal:warpreproject, here {utm}.</source>
      <translation>Die Bilder „{name}“ geben das Raster vor, aber ihr KBS {crs} ist in Grad; rechne sie mit gdal:warpreproject in ein metrisches um, hier {utm}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/rasters.py" />
      <source>The layer “{name}” does not lie where its CRS {crs} is valid; correct the CRS in its properties.</source>
      <translation>Der Layer „{name}“ liegt nicht dort, wo sein KBS {crs} gilt; berichtige das KBS in seinen Eigenschaften.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>SOURCES must be a JSON object whose keys are layer names.</source>
      <translation>SOURCES muss ein JSON-Objekt sein, dessen Schlüssel Layernamen sind.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>SOURCES speaks of “{name}”, but the layers of this run are {known}.</source>
      <translation>SOURCES spricht von „{name}“, aber die Layer dieses Laufs sind {known}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>SOURCES: the entry of “{name}” must be an object, such as {example}.</source>
      <translation>SOURCES: der Eintrag von „{name}“ muss ein Objekt sein, etwa {example}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>none</source>
      <translation>keine</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>SOURCES: {setting} of “{name}” is “{field}”, but the layer has only {known}.</source>
      <translation>SOURCES: {setting} von „{name}“ ist „{field}“, aber der Layer hat nur {known}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>SOURCES must be a JSON object or the path of a JSON file; “{path}” cannot be read ({why}).</source>
      <translation>SOURCES muss ein JSON-Objekt oder der Pfad einer JSON-Datei sein; „{path}“ ist nicht lesbar ({why}).</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>SOURCES is no valid JSON: {why}.</source>
      <translation>SOURCES ist kein gültiges JSON: {why}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/settings.py" />
      <source>no fields</source>
      <translation>keine Felder</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/stacks.py" />
      <source>the grid of “{name}”</source>
      <translation>das Raster von „{name}“</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/vectors.py" />
      <source>The layer “{name}” has no geometry; use a layer of points, lines or areas.</source>
      <translation>Der Layer „{name}“ hat keine Geometrie; nimm einen Layer von Punkten, Linien oder Flächen.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/vectors.py" />
      <source>The layer “{name}” has no coordinate reference system; set it in the layer's properties or with native:assignprojection.</source>
      <translation>Der Layer „{name}“ hat kein Koordinatenbezugssystem; setze es in den Eigenschaften des Layers oder mit native:assignprojection.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>Fees: {text}</source>
      <translation>Gebühren: {text}</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>Access constraints: {text}</source>
      <translation>Zugriffsbeschränkungen: {text}</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>The imagery “{name}” cannot be written to {path}.</source>
      <translation>Die Bilder „{name}“ lassen sich nicht nach {path} schreiben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>The server of “{name}” gave nothing for this area and resolution; look whether the map shows it in QGIS, and choose a resolution that it has.</source>
      <translation>Der Server von „{name}“ gab für dieses Gebiet und diese Auflösung nichts; sieh nach, ob die Karte es in QGIS zeigt, und wähle eine Auflösung, die er hat.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>The server of “{name}” gave nothing for {share} % of the area: it may have nothing there, or have failed; these pixels are nodata. Run it again if they should not be.</source>
      <translation>Der Server von „{name}“ gab für {share} % des Gebiets nichts her: vielleicht hat er dort nichts, vielleicht ist er ausgefallen; diese Pixel sind Nodata. Starte noch einmal, wenn sie es nicht sein sollten.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>The imagery “{name}” comes in degrees; set a metric CRS for it, such as EPSG:3857, in the layer's properties, if its server offers one.</source>
      <translation>Die Bilder „{name}“ kommen in Grad; setze für sie in den Eigenschaften des Layers ein metrisches KBS, etwa EPSG:3857, wenn ihr Server eines anbietet.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>EXTENT does not lie where the CRS {crs} of “{name}” is valid; choose an area of the map.</source>
      <translation>EXTENT liegt nicht dort, wo das KBS {crs} von „{name}“ gilt; wähle ein Gebiet der Karte.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>EXTENT at {resolution} m would be {width} × {height} pixels, too much to ask of a web server at once; choose a smaller EXTENT or a coarser RESOLUTION.</source>
      <translation>EXTENT bei {resolution} m wären {width} × {height} Pixel, zu viel, um einen Server auf einmal danach zu fragen; wähle ein kleineres EXTENT oder eine gröbere RESOLUTION.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers/web_raster.py" />
      <source>The imagery “{name}” cannot be read.</source>
      <translation>Die Bilder „{name}“ sind nicht lesbar.</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers_algorithm.py" />
      <source>Discrepancies kept in the ledger</source>
      <translation>Im Register behaltene Unstimmigkeiten</translation>
    </message>
    <message>
      <location filename="../processing_provider/layers_algorithm.py" />
      <source>Discrepancies that are more probably errors than not</source>
      <translation>Unstimmigkeiten, die eher Fehler sind als keine</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The page to hand on: maps, plots and tables in one HTML file.</source>
      <translation>Die Seite zum Weitergeben: Karten, Diagramme und Tabellen in einer HTML-Datei.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Raster layers that show the ground: optical, radar, elevation. All need a CRS; the one with the finest pixel gives the grid, and its CRS must be metric. A web map is saved first, with geoloop:webimagery.</source>
      <translation>Rasterlayer, die den Boden zeigen: optisch, Radar, Höhe. Alle brauchen ein KBS; der mit den feinsten Pixeln gibt das Raster vor, und sein KBS muss metrisch sein. Eine Netzkarte wird zuerst mit geoloop:webimagery gespeichert.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Vector layers with attributes or OpenStreetMap tags: buildings, land use, roads. Each needs a CRS and a name of its own. At least one map or field layer is needed. Default: none.</source>
      <translation>Vektorlayer mit Attributen oder OpenStreetMap-Tags: Gebäude, Landnutzung, Straßen. Jeder braucht ein KBS und einen eigenen Namen. Mindestens ein Karten- oder Feldlayer ist nötig. Vorgabe: keine.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Survey points or plots with an observed class or value. SOURCES says which attributes hold the observation, its date and its accuracy. Default: none.</source>
      <translation>Punkte oder Probeflächen einer Kartierung mit einer beobachteten Klasse oder einem Wert. SOURCES sagt, welche Attribute die Beobachtung, ihr Datum und ihre Genauigkeit enthalten. Vorgabe: keine.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The attribute that identifies a feature for ever, in the map layers that have it, such as osm_id. Default: empty, the feature id.</source>
      <translation>Das Attribut, das ein Objekt für immer kennzeichnet, in den Kartenlayern, die es haben, etwa osm_id. Vorgabe: leer, die Objekt-Id.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>What layers do not say of themselves. In the dialog “Fill in…” asks for it. As text: JSON, or the path of a JSON file, with an object by layer name, such as {"buildings": {"class_field": "building", "date": "2023-05-01", "accuracy_m": 2.0, "may_edit": true}}. Known: key, class_field, value_field, date, date_field, accuracy_m (metres), accuracy_field, licence, may_trace, may_train, may_export, may_edit, lock (a filter expression: verified features, never proposed for an edit), off_nadir (imagery looks at it aslant, nothing of it is moved); of imagery licence, date, may_trace, may_train and may_export. Default: empty.</source>
      <translation>Was Layer von sich aus nicht sagen. Im Dialog fragt „Ausfüllen…“ danach. Als Text: JSON oder der Pfad einer JSON-Datei, mit einem Objekt je Layername, etwa {"buildings": {"class_field": "building", "date": "2023-05-01", "accuracy_m": 2.0, "may_edit": true}}. Bekannt sind: key, class_field, value_field, date, date_field, accuracy_m (Meter), accuracy_field, licence, may_trace, may_train, may_export, may_edit, lock (ein Filterausdruck: geprüfte Objekte, für die nie eine Änderung vorgeschlagen wird), off_nadir (die Bilder sehen schräg darauf, nichts davon wird verschoben); bei Bildern licence, date, may_trace, may_train und may_export. Vorgabe: leer.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>About the sources</source>
      <translation>Über die Quellen</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The classes and their rules: a JSON file, or one of the shipped legends, buildings and landcover. Default: empty, the values of the first map layer's class field.</source>
      <translation>Die Klassen und ihre Regeln: eine JSON-Datei oder eine der mitgelieferten Legenden, buildings und landcover. Vorgabe: leer, die Werte des Klassenfelds des ersten Kartenlayers.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>How long the network is fitted. quick: some minutes on 2 cores, fewer with pixels of 3 m and more. normal: about five times as long. long: twenty times or more. The log says how long before it starts. Default: quick.</source>
      <translation>Wie lange das Netz angepasst wird. quick: einige Minuten auf 2 Kernen, weniger bei Pixeln von 3 m und mehr. normal: etwa fünfmal so lange. long: zwanzigmal so lange oder länger. Das Protokoll sagt vorher, wie lange. Vorgabe: quick.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The part of the imagery to work on, in any CRS. Default: empty, all of it.</source>
      <translation>Der Teil der Bilder, auf dem gearbeitet wird, in beliebigem KBS. Vorgabe: leer, alles.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The side of a pixel to work at, in metres on the ground. Finer imagery is averaged to it, which is faster and for things much larger than a pixel mostly better; coarser imagery stays as it is. Default: empty, what the legend says, else the pixels of the finest imagery.</source>
      <translation>Die Seite eines Pixels, mit der gearbeitet wird, in Metern am Boden. Feinere Bilder werden darauf gemittelt, was schneller ist und für Dinge, die viel größer sind als ein Pixel, meist besser; gröbere bleiben, wie sie sind. Vorgabe: leer, was die Legende sagt, sonst die Pixel des feinsten Bildes.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The start of all random numbers; the same seed and the same layers give the same result. Default: 0.</source>
      <translation>Der Anfang aller Zufallszahlen; derselbe Anfang und dieselben Layer ergeben dasselbe. Vorgabe: 0.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Discrepancies that are less probably real errors than this are not kept, from 0 to 1. Default: 0.05.</source>
      <translation>Unstimmigkeiten, die weniger wahrscheinlich wirkliche Fehler sind, werden nicht behalten, von 0 bis 1. Vorgabe: 0,05.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Whether to use only the selected features of layers that have a selection. Default: no.</source>
      <translation>Ob von Layern mit einer Auswahl nur die gewählten Objekte verwendet werden. Vorgabe: nein.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Where the network runs: auto, cpu, cuda or cuda:1. Default: what QGIS's options say of GeoLoop, at first auto, a GPU if one really works.</source>
      <translation>Wo das Netz rechnet: auto, cpu, cuda oder cuda:1. Vorgabe: was die Optionen von QGIS bei GeoLoop sagen, zuerst auto, eine Grafikkarte, wenn eine wirklich rechnet.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Whether layers may be brought to the grid by a transformation of unknown accuracy, which can be off by hundreds of metres. Default: no.</source>
      <translation>Ob Layer mit einer Transformation unbekannter Genauigkeit auf das Raster gebracht werden dürfen, die um Hunderte Meter danebenliegen kann. Vorgabe: nein.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Default: none is kept.</source>
      <translation>Vorgabe: keines wird geführt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The GeoPackage that holds the loop, as geoloop:flag or geoloop:loop made it.</source>
      <translation>Das GeoPackage, das die Schleife enthält, wie geoloop:flag oder geoloop:loop es angelegt haben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The model: an ONNX file, such as those of the Deepness model zoo, or a .safetensors file that GeoLoop wrote. Files of torch (.pt, .pth) may carry code and are not opened; export them as ONNX.</source>
      <translation>Das Modell: eine ONNX-Datei, etwa aus der Sammlung von Deepness, oder eine .safetensors-Datei, die GeoLoop schrieb. Dateien von torch (.pt, .pth) können Programmcode enthalten und werden nicht geöffnet; exportiere sie als ONNX.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>What says what the imagery shows. An ONNX model that knows the legend's classes, or a model that geoloop:learn or geoloop:loop left for this very ground, is used as it is; another .safetensors file of GeoLoop's is what the fit starts from. A network of geoloop:pretrain comes on top of the fit in geoloop:flag and geoloop:loop: it is asked about each feature while it does not see it, and its answer counts when the feature is judged. Default: empty, a network is fitted on the layers' own labels, going on from the ledger's last round if there is one.</source>
      <translation>Was sagt, was die Bilder zeigen. Ein ONNX-Modell, das die Klassen der Legende kennt, oder ein Modell, das geoloop:learn oder geoloop:loop für genau dieses Gebiet hinterließ, wird verwendet, wie es ist; von einer anderen .safetensors-Datei von GeoLoop geht die Anpassung aus. Ein Netz von geoloop:pretrain kommt in geoloop:flag und geoloop:loop zur Anpassung hinzu: es wird nach jedem Objekt gefragt, während es dieses nicht sieht, und seine Antwort zählt, wenn das Objekt beurteilt wird. Vorgabe: leer, ein Netz wird an den eigenen Angaben der Layer angepasst und setzt bei der letzten Runde des Registers fort, wenn es eine gibt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>What the model expects and returns: a JSON file (a STAC item with the machine learning model extension, or the keys of Deepness), or the name of a card that GeoLoop ships, such as dynamicworld. Default: empty, what stands within the model or beside it.</source>
      <translation>Was das Modell erwartet und zurückgibt: eine JSON-Datei (ein STAC-Eintrag mit der Erweiterung für Modelle oder die Schlüssel von Deepness) oder der Name einer Karteikarte, die GeoLoop mitliefert, etwa dynamicworld. Vorgabe: leer, was im Modell oder daneben steht.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The names of the imagery's bands in the order of the model's channels, separated by commas, such as B04,B03,B02. Default: empty, found by name and wavelength.</source>
      <translation>Die Namen der Bänder der Bilder in der Reihenfolge der Kanäle des Modells, durch Kommas getrennt, etwa B04,B03,B02. Vorgabe: leer, nach Name und Wellenlänge gefunden.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Whether imagery whose pixels are larger or smaller than those that the model was made for is resampled to them. Default: no, such imagery is refused.</source>
      <translation>Ob Bilder, deren Pixel größer oder kleiner sind als die, für die das Modell gemacht ist, auf diese umgerechnet werden. Vorgabe: nein, solche Bilder werden abgelehnt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Where the tiles are computed: the address of a Dask scheduler such as tcp://host:8786, whose machines must see the files by the same paths, or local, or local:4 for four processes here. Default: empty, in one process here.</source>
      <translation>Wo die Kacheln berechnet werden: die Adresse eines Dask-Schedulers wie tcp://host:8786, dessen Rechner die Dateien unter denselben Pfaden sehen müssen, oder local, oder local:4 für vier Prozesse hier. Vorgabe: leer, in einem Prozess hier.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>full: 32-bit numbers, results agree between machines. fast: fewer digits where the device gains by it. Default: full.</source>
      <translation>full: 32-Bit-Zahlen, Ergebnisse stimmen zwischen Rechnern überein. fast: weniger Stellen, wo das Gerät dabei gewinnt. Vorgabe: full.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The side of a tile in pixels, overlap included. Default: what QGIS's options say of GeoLoop, at first 0, what the model asks for.</source>
      <translation>Die Seite einer Kachel in Pixeln, Überlappung eingeschlossen. Vorgabe: was die Optionen von QGIS bei GeoLoop sagen, zuerst 0, was das Modell verlangt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The share of a tile that it has in common with its neighbour, from 0 to 0.49. Objects should be smaller than that. Default: empty, what the model asks for, else 0.25.</source>
      <translation>Der Anteil einer Kachel, den sie mit ihrem Nachbarn gemeinsam hat, von 0 bis 0,49. Objekte sollten kleiner sein. Vorgabe: leer, was das Modell verlangt, sonst 0,25.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>How many tiles go through the model at once; halved if the memory does not suffice. Default: 0, chosen.</source>
      <translation>Wie viele Kacheln zugleich durch das Modell gehen; halbiert, wenn der Speicher nicht reicht. Vorgabe: 0, gewählt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>For a model that finds objects: their outlines as a GeoPackage, with the fields class, code, probability, width_m, height_m and angle. Default: not written.</source>
      <translation>Für ein Modell, das Objekte findet: ihre Umrisse als GeoPackage, mit den Feldern class, code, probability, width_m, height_m und angle. Vorgabe: nicht geschrieben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Fused map</source>
      <translation>Verschmolzene Karte</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The class of each pixel, as GeoTIFF.</source>
      <translation>Die Klasse jedes Pixels, als GeoTIFF.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The probability of each class, from 0 to 1, one band a class, fused and from imagery alone. Default: not written.</source>
      <translation>Die Wahrscheinlichkeit jeder Klasse, von 0 bis 1, ein Band je Klasse, verschmolzen und aus den Bildern allein. Vorgabe: nicht geschrieben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Map layers</source>
      <translation>Kartenlayer</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Field layers</source>
      <translation>Feldlayer</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Effort</source>
      <translation>Aufwand</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Seed</source>
      <translation>Zufallsanfang</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Least probability</source>
      <translation>Geringste Wahrscheinlichkeit</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Selected features only</source>
      <translation>Nur gewählte Objekte</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Allow ballpark transformations</source>
      <translation>Ungefähre Transformationen erlauben</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>The GeoPackage that holds the loop: discrepancies, decisions, edits, rounds. An existing one gets a further round; nothing in it is lost.</source>
      <translation>Das GeoPackage, das die Schleife enthält: Unstimmigkeiten, Entscheidungen, Änderungen, Runden. Ein vorhandenes bekommt eine weitere Runde; nichts darin geht verloren.</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Model card</source>
      <translation>Karteikarte des Modells</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Bands</source>
      <translation>Bänder</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Bring the imagery to the model's resolution</source>
      <translation>Die Bilder auf die Auflösung des Modells bringen</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Dask scheduler</source>
      <translation>Dask-Scheduler</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Precision</source>
      <translation>Rechengenauigkeit</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Tile</source>
      <translation>Kachel</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Overlap</source>
      <translation>Überlappung</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Batch</source>
      <translation>Stapelgröße</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Detections</source>
      <translation>Funde</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>HTML (*.html)</source>
      <translation>HTML (*.html)</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Key field</source>
      <translation>Schlüsselfeld</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Legend</source>
      <translation>Legende</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Models (*.onnx *.safetensors)</source>
      <translation>Modelle (*.onnx *.safetensors)</translation>
    </message>
    <message>
      <location filename="../processing_provider/parameters.py" />
      <source>Default: not written.</source>
      <translation>Vorgabe: nicht geschrieben.</translation>
    </message>
    <message>
      <location filename="../processing_provider/provider.py" />
      <source>GeoLoop: imagery, maps and field surveys judge each other</source>
      <translation>GeoLoop: Bilder, Karten und Kartierungen beurteilen einander</translation>
    </message>
    <message>
      <location filename="../processing_provider/values.py" />
      <source>{name} must be one of {known}, not {value}.</source>
      <translation>{name} muss eines von {known} sein, nicht {value}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/values.py" />
      <source>{name} must be true or false, not {value}.</source>
      <translation>{name} muss true oder false sein, nicht {value}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/values.py" />
      <source>{name} must be a number from {least} to {most}, not {value}.</source>
      <translation>{name} muss eine Zahl von {least} bis {most} sein, nicht {value}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/writing_algorithm.py" />
      <source>{name} must end in {endings}, not {path}.</source>
      <translation>{name} muss auf {endings} enden, nicht {path}.</translation>
    </message>
    <message>
      <location filename="../processing_provider/writing_algorithm.py" />
      <source>The folder {folder} of {name} does not exist.</source>
      <translation>Den Ordner {folder} von {name} gibt es nicht.</translation>
    </message>
    <message>
      <location filename="../processing_provider/writing_algorithm.py" />
      <source>{name} cannot be written: {path} is read-only.</source>
      <translation>{name} kann nicht geschrieben werden: {path} ist schreibgeschützt.</translation>
    </message>
    <message>
      <location filename="../processing_provider/writing_algorithm.py" />
      <source> or </source>
      <translation> oder </translation>
    </message>
    <message>
      <location filename="../ui/chains.py" />
      <source>The example chains are in the toolbox already, under Models.</source>
      <translation>Die Beispielketten sind schon in der Werkzeugkiste, unter Modelle.</translation>
    </message>
    <message>
      <location filename="../ui/chains.py" />
      <source>{number} example chains are in the toolbox now, under Models, GeoLoop.</source>
      <translation>{number} Beispielketten sind jetzt in der Werkzeugkiste, unter Modelle, GeoLoop.</translation>
    </message>
    <message>
      <location filename="../ui/engine_dialog.py" />
      <source>GeoLoop's engine</source>
      <translation>Der Rechenkern von GeoLoop</translation>
    </message>
    <message>
      <location filename="../ui/engine_dialog.py" />
      <source>Install</source>
      <translation>Einrichten</translation>
    </message>
    <message>
      <location filename="../ui/engine_dialog.py" />
      <source>Examine</source>
      <translation>Untersuchen</translation>
    </message>
    <message>
      <location filename="../ui/engine_dialog.py" />
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <location filename="../ui/engine_dialog.py" />
      <source>Folder of wheels (optional)</source>
      <translation>Ordner mit Wheels (freiwillig)</translation>
    </message>
    <message>
      <location filename="../ui/engine_dialog.py" />
      <source>Done.</source>
      <translation>Fertig.</translation>
    </message>
    <message>
      <location filename="../ui/engine_dialog.py" />
      <source>Not done.</source>
      <translation>Nicht fertig geworden.</translation>
    </message>
    <message>
      <location filename="../ui/options_page.py" />
      <source>as needed</source>
      <translation>nach Bedarf</translation>
    </message>
    <message>
      <location filename="../ui/options_page.py" />
      <source>The engine's Python</source>
      <translation>Das Python des Rechenkerns</translation>
    </message>
    <message>
      <location filename="../ui/options_page.py" />
      <source>Empty: the environment variable GEOLOOP_ENGINE_PYTHON, else what “Install the engine” made.</source>
      <translation>Leer: die Umgebungsvariable GEOLOOP_ENGINE_PYTHON, sonst was „Den Rechenkern einrichten“ anlegte.</translation>
    </message>
    <message>
      <location filename="../ui/options_page.py" />
      <source>Where networks run: auto takes a GPU if one really works.</source>
      <translation>Wo Netze rechnen: auto nimmt eine Grafikkarte, wenn eine wirklich rechnet.</translation>
    </message>
    <message>
      <location filename="../ui/options_page.py" />
      <source>Raster cache</source>
      <translation>Raster-Zwischenspeicher</translation>
    </message>
    <message>
      <location filename="../ui/options_page.py" />
      <source>How much of rasters the engine keeps in memory.</source>
      <translation>Wie viel von Rastern der Rechenkern im Speicher hält.</translation>
    </message>
    <message>
      <location filename="../ui/options_page.py" />
      <source>The side of a tile in pixels; as needed: what the model asks for.</source>
      <translation>Die Seite einer Kachel in Pixeln; nach Bedarf: was das Modell verlangt.</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Accept</source>
      <translation>Annehmen</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Reject</source>
      <translation>Ablehnen</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Unsure</source>
      <translation>Offen</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Edit</source>
      <translation>Ändern</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Back</source>
      <translation>Zurück</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Skip</source>
      <translation>Weiter</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Before | after</source>
      <translation>Vorher | nachher</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Zoom to it</source>
      <translation>Heranzoomen</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Accept as changed</source>
      <translation>Geändert annehmen</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Leave it</source>
      <translation>Lassen</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>The error is real; what is proposed goes into the layer (A)</source>
      <translation>Der Fehler ist wirklich; der Vorschlag kommt in den Layer (A)</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>There is no error; this is not shown again (R)</source>
      <translation>Da ist kein Fehler; das wird nicht mehr gezeigt (R)</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>It cannot be told; it comes back once, later (U)</source>
      <translation>Es ist nicht zu sagen; es kommt einmal wieder, später (U)</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Change what is proposed, then accept it (E)</source>
      <translation>Den Vorschlag ändern, dann annehmen (E)</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Go on without a decision; it comes back at the end (S)</source>
      <translation>Weiter ohne Entscheidung; es kommt am Ende wieder (S)</translation>
    </message>
    <message>
      <location filename="../ui/review/actions.py" />
      <source>Draw what is left of a divider and what is proposed right of it (W)</source>
      <translation>Links eines Teilers zeigen, was ist, rechts, was vorgeschlagen ist (W)</translation>
    </message>
    <message>
      <location filename="../ui/review/amending.py" />
      <source>On the map: drag a corner to move it, a side to bend it, the inside to move all of it; Delete over a corner takes it away, Ctrl+Z takes the last step back.</source>
      <translation>In der Karte: eine Ecke ziehen, um sie zu verschieben, eine Seite, um sie zu knicken, das Innere, um alles zu verschieben; Entf über einer Ecke nimmt sie weg, Strg+Z macht den letzten Schritt rückgängig.</translation>
    </message>
    <message>
      <location filename="../ui/review/amending.py" />
      <source>The outline crosses itself; move its corners, or take steps back with Ctrl+Z.</source>
      <translation>Der Umriss kreuzt sich selbst; verschiebe seine Ecken, oder geh mit Strg+Z zurück.</translation>
    </message>
    <message>
      <location filename="../ui/review/card.py" />
      <source>, changed</source>
      <translation>, geändert</translation>
    </message>
    <message>
      <location filename="../ui/review/card.py" />
      <source>How probably this is a real error</source>
      <translation>Wie wahrscheinlich das ein wirklicher Fehler ist</translation>
    </message>
    <message>
      <location filename="../ui/review/card.py" />
      <source>{share} % probable</source>
      <translation>{share} % wahrscheinlich</translation>
    </message>
    <message>
      <location filename="../ui/review/card.py" />
      <source>Accepting would</source>
      <translation>Annehmen würde</translation>
    </message>
    <message>
      <location filename="../ui/review/card.py" />
      <source>Licence: {flags}</source>
      <translation>Lizenz: {flags}</translation>
    </message>
    <message>
      <location filename="../ui/review/card.py" />
      <source>as it is</source>
      <translation>wie es ist</translation>
    </message>
    <message>
      <location filename="../ui/review/card.py" />
      <source>as proposed</source>
      <translation>wie vorgeschlagen</translation>
    </message>
    <message>
      <location filename="../ui/review/columns_dialog.py" />
      <source>Which column takes a proposed value? A column is never added; a value without one stays in the ledger.</source>
      <translation>Welche Spalte nimmt einen vorgeschlagenen Wert auf? Eine Spalte wird nie hinzugefügt; ein Wert ohne Spalte bleibt im Register.</translation>
    </message>
    <message>
      <location filename="../ui/review/columns_dialog.py" />
      <source>Columns of “{layer}”</source>
      <translation>Spalten von „{layer}“</translation>
    </message>
    <message>
      <location filename="../ui/review/columns_dialog.py" />
      <source>{column} (of that name)</source>
      <translation>{column} (dieses Namens)</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>All kinds</source>
      <translation>Alle Arten</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>All layers</source>
      <translation>Alle Layer</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Map view</source>
      <translation>Kartenausschnitt</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Only what the map shows now</source>
      <translation>Nur, was die Karte jetzt zeigt</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Draw</source>
      <translation>Zeichnen</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Only what lies in a rectangle that you draw on the map</source>
      <translation>Nur, was in einem Rechteck liegt, das du auf der Karte zeichnest</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Clear</source>
      <translation>Leeren</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>The random audit needs all of its items: what a filter leaves out, decide later.</source>
      <translation>Die Zufallsstichprobe braucht all ihre Einträge: was ein Filter auslässt, entscheide später.</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Kind</source>
      <translation>Art</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Probability</source>
      <translation>Wahrscheinlichkeit</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>Region</source>
      <translation>Gegend</translation>
    </message>
    <message>
      <location filename="../ui/review/filters.py" />
      <source>to</source>
      <translation>bis</translation>
    </message>
    <message>
      <location filename="../ui/review/framing.py" />
      <source>The rectangle reaches beyond the ledger's CRS; zoom in first.</source>
      <translation>Das Rechteck reicht über das KBS des Registers hinaus; zoome zuerst hinein.</translation>
    </message>
    <message>
      <location filename="../ui/review/framing.py" />
      <source>The outline cannot be brought into the ledger's CRS: {why}</source>
      <translation>Der Umriss lässt sich nicht ins KBS des Registers bringen: {why}</translation>
    </message>
    <message>
      <location filename="../ui/review/layers_menu.py" />
      <source>Push {count} accepted edits into “{layer}”</source>
      <translation>{count} angenommene Änderungen in „{layer}“ übertragen</translation>
    </message>
    <message>
      <location filename="../ui/review/layers_menu.py" />
      <source>Take the last push into “{layer}” back</source>
      <translation>Die letzte Übertragung in „{layer}“ zurücknehmen</translation>
    </message>
    <message>
      <location filename="../ui/review/layers_menu.py" />
      <source>Columns of “{layer}”…</source>
      <translation>Spalten von „{layer}“…</translation>
    </message>
    <message>
      <location filename="../ui/review/layers_menu.py" />
      <source>Make a new queue</source>
      <translation>Eine neue Liste machen</translation>
    </message>
    <message>
      <location filename="../ui/review/layers_menu.py" />
      <source>Close the ledger</source>
      <translation>Das Register schließen</translation>
    </message>
    <message>
      <location filename="../ui/review/map_view.py" />
      <source>This item has no place on the map.</source>
      <translation>Dieser Eintrag hat keinen Ort auf der Karte.</translation>
    </message>
    <message>
      <location filename="../ui/review/map_view.py" />
      <source>The place cannot be shown in the map's coordinate reference system; choose another.</source>
      <translation>Der Ort lässt sich im Koordinatenbezugssystem der Karte nicht zeigen; wähle ein anderes.</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>The ledger that holds the discrepancies</source>
      <translation>Das Register mit den Unstimmigkeiten</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>Make the queue</source>
      <translation>Die Liste machen</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>Open the ledger that “Flag discrepancies” or “Run a round of the loop” wrote.</source>
      <translation>Öffne das Register, das „Unstimmigkeiten melden“ oder „Eine Runde der Schleife ausführen“ schrieb.</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>No queue yet</source>
      <translation>Noch keine Liste</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>A queue puts what is worth most of your time first, and draws at least a tenth of its items at random, so that you learn how wrong the layers really are.</source>
      <translation>Eine Liste stellt voran, was deine Zeit am meisten wert ist, und zieht mindestens ein Zehntel ihrer Einträge zufällig, damit du erfährst, wie falsch die Layer wirklich sind.</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>items</source>
      <translation>Einträge</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>Nothing left here</source>
      <translation>Hier ist nichts übrig</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>Every item that the filter shows is decided. Widen the filter, or make a new queue.</source>
      <translation>Jeder Eintrag, den der Filter zeigt, ist entschieden. Weite den Filter, oder mach eine neue Liste.</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>All done</source>
      <translation>Alles erledigt</translation>
    </message>
    <message>
      <location filename="../ui/review/opening.py" />
      <source>Every item of this queue is decided. Push what you accepted, or make the next queue: it learns from what you said.</source>
      <translation>Jeder Eintrag dieser Liste ist entschieden. Übertrage, was du angenommen hast, oder mach die nächste: sie lernt aus dem, was du sagtest.</translation>
    </message>
    <message>
      <location filename="../ui/review/overlay.py" />
      <source>before</source>
      <translation>vorher</translation>
    </message>
    <message>
      <location filename="../ui/review/overlay.py" />
      <source>after</source>
      <translation>nachher</translation>
    </message>
    <message>
      <location filename="../ui/review/page_strip.py" />
      <source>{title}: {said}. Shift or Ctrl with a click takes it along.</source>
      <translation>{title}: {said}. Umschalt oder Strg mit einem Klick nimmt es mit.</translation>
    </message>
    <message>
      <location filename="../ui/review/page_strip.py" />
      <source>{count} together</source>
      <translation>{count} zusammen</translation>
    </message>
    <message>
      <location filename="../ui/review/panel.py" />
      <source>GeoLoop review</source>
      <translation>GeoLoop: Prüfung</translation>
    </message>
    <message>
      <location filename="../ui/review/panel.py" />
      <source>who decides</source>
      <translation>wer entscheidet</translation>
    </message>
    <message>
      <location filename="../ui/review/panel.py" />
      <source>why, if it should be known (N)</source>
      <translation>warum, wenn es jemand wissen sollte (N)</translation>
    </message>
    <message>
      <location filename="../ui/review/panel.py" />
      <source>Filter</source>
      <translation>Filter</translation>
    </message>
    <message>
      <location filename="../ui/review/panel.py" />
      <source>Layers</source>
      <translation>Layer</translation>
    </message>
    <message>
      <location filename="../ui/review/panel.py" />
      <source>Note</source>
      <translation>Notiz</translation>
    </message>
    <message>
      <location filename="../ui/review/reading.py" />
      <source>The ledger {path} cannot be used ({why}); close other programs that hold it, or open another.</source>
      <translation>Das Register {path} ist nicht verwendbar ({why}); schließe andere Programme, die es halten, oder öffne ein anderes.</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>nothing here</source>
      <translation>hier nichts</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>a feature</source>
      <translation>ein Objekt</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>{p} {name} within the outline</source>
      <translation>{p} {name} im Umriss</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>Look whether anything is wrong with this feature of “{layer}”: nothing is flagged of it. Accept means that something is wrong, reject that it is right.</source>
      <translation>Sieh nach, ob an diesem Objekt von „{layer}“ etwas falsch ist: es ist nichts gemeldet. Annehmen heißt, etwas ist falsch, ablehnen, dass es stimmt.</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>east</source>
      <translation>östlich</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>north-east</source>
      <translation>nordöstlich</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>north</source>
      <translation>nördlich</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>north-west</source>
      <translation>nordwestlich</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>west</source>
      <translation>westlich</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>south-west</source>
      <translation>südwestlich</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>south</source>
      <translation>südlich</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>south-east</source>
      <translation>südöstlich</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>{there} at the best place, {here} here</source>
      <translation>{there} am besten Ort, {here} hier</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>Feature</source>
      <translation>Objekt</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>Judged</source>
      <translation>Beurteilt</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>class</source>
      <translation>Klasse</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>Map “{layer}”</source>
      <translation>Karte „{layer}“</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>; {best} at the best place near by</source>
      <translation>; {best} am besten Ort in der Nähe</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>All others</source>
      <translation>Alle anderen</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>{area} m²</source>
      <translation>{area} m²</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>{length} m off</source>
      <translation>{length} m daneben</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>Field “{layer}”</source>
      <translation>Feld „{layer}“</translation>
    </message>
    <message>
      <location filename="../ui/review/statements.py" />
      <source>Imagery “{layer}”</source>
      <translation>Bilder „{layer}“</translation>
    </message>
    <message>
      <location filename="../ui/review/tally.py" />
      <source>{left} of {total} left</source>
      <translation>{left} von {total} übrig</translation>
    </message>
    <message>
      <location filename="../ui/review/tally.py" />
      <source>{count} in the last hour</source>
      <translation>{count} in der letzten Stunde</translation>
    </message>
    <message>
      <location filename="../ui/review/tally.py" />
      <source>about {time} to go</source>
      <translation>noch etwa {time}</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>Recorded, but “{layer}” is as it was: {why}.</source>
      <translation>Festgehalten, aber „{layer}“ ist, wie er war: {why}.</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>Recorded, but the edit is saved in “{layer}” and stays there; to take it back, run geoloop:undo with WHICH {uid}.</source>
      <translation>Festgehalten, aber die Änderung ist in „{layer}“ gespeichert und bleibt dort; um sie zurückzunehmen, führe geoloop:undo mit WHICH {uid} aus.</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>{done} edits are in “{layer}”, to be saved or undone there.</source>
      <translation>{done} Änderungen sind in „{layer}“, dort zu speichern oder zurückzunehmen.</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>{command}: in “{layer}”, to be saved or undone there.</source>
      <translation>{command}: in „{layer}“, dort zu speichern oder zurückzunehmen.</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>The edit still stands in “{layer}”: other steps came after it. Undo it there.</source>
      <translation>Die Änderung steht noch in „{layer}“: andere Schritte kamen danach. Nimm sie dort zurück.</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>No values are proposed for “{layer}”.</source>
      <translation>Für „{layer}“ sind keine Werte vorgeschlagen.</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>The layer “{layer}” is not in the project; add it, or push by geoloop:push.</source>
      <translation>Der Layer „{layer}“ ist nicht im Projekt; füge ihn hinzu, oder übertrage mit geoloop:push.</translation>
    </message>
    <message>
      <location filename="../ui/review/targets.py" />
      <source>{count} do not fit: {which}.</source>
      <translation>{count} passen nicht: {which}.</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>feature</source>
      <translation>Objekt</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>accepted</source>
      <translation>angenommen</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>rejected</source>
      <translation>abgelehnt</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>unsure</source>
      <translation>offen</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>missing</source>
      <translation>fehlt</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>obsolete</source>
      <translation>hinfällig</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>shifted</source>
      <translation>verschoben</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>reshaped</source>
      <translation>anders geformt</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>wrong class</source>
      <translation>falsche Klasse</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>wrong value</source>
      <translation>falscher Wert</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>duplicate</source>
      <translation>doppelt</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>invalid</source>
      <translation>ungültig</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>field conflict</source>
      <translation>Feldkonflikt</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>outdated</source>
      <translation>veraltet</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>common shift</source>
      <translation>gemeinsame Verschiebung</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>check</source>
      <translation>nachsehen</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>add it to the layer</source>
      <translation>es dem Layer hinzufügen</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>delete it</source>
      <translation>es löschen</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>delete it, as it is there twice</source>
      <translation>es löschen, da es zweimal da ist</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>move it</source>
      <translation>es verschieben</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>give it the new outline</source>
      <translation>ihm den neuen Umriss geben</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>give it the new class</source>
      <translation>ihm die neue Klasse geben</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>set the new value</source>
      <translation>den neuen Wert setzen</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>only note it: there is no edit yet</source>
      <translation>es nur vermerken: es gibt noch keine Änderung</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>only note it: the place is to be visited again</source>
      <translation>es nur vermerken: der Ort soll wieder besucht werden</translation>
    </message>
    <message>
      <location filename="../ui/review/words.py" />
      <source>change no layer: the next fit learns from it</source>
      <translation>keinen Layer ändern: die nächste Anpassung lernt daraus</translation>
    </message>
    <message>
      <location filename="../ui/review_dock.py" />
      <source>Filter •</source>
      <translation>Filter •</translation>
    </message>
    <message>
      <location filename="../ui/review_dock.py" />
      <source>Switched off in the list of layers, as it lies over the imagery: {layers}.</source>
      <translation>In der Layerliste ausgeschaltet, da es über den Bildern liegt: {layers}.</translation>
    </message>
    <message>
      <location filename="../ui/review_dock.py" />
      <source>“{layer}” is OpenStreetMap's, which wants each object judged by itself: accept them one by one.</source>
      <translation>„{layer}“ gehört OpenStreetMap, das jedes Objekt für sich beurteilt haben will: nimm sie einzeln an.</translation>
    </message>
    <message>
      <location filename="../ui/sources/form.py" />
      <source>yes</source>
      <translation>ja</translation>
    </message>
    <message>
      <location filename="../ui/sources/form.py" />
      <source>no</source>
      <translation>nein</translation>
    </message>
    <message>
      <location filename="../ui/sources/form.py" />
      <source>What the layers do not say of themselves. Everything may stay empty that does not matter to you; what is left empty is not said.</source>
      <translation>Was die Layer von sich aus nicht sagen. Alles darf leer bleiben, was für dich keine Rolle spielt; was leer bleibt, ist nicht gesagt.</translation>
    </message>
    <message>
      <location filename="../ui/sources/form.py" />
      <source>Choose the layers first: imagery, map layers, field layers.</source>
      <translation>Wähle zuerst die Layer: Bilder, Kartenlayer, Feldlayer.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Field of the class</source>
      <translation>Feld der Klasse</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>The field that holds the class of each feature, such as landuse or crop. Needed where no legend is chosen.</source>
      <translation>Das Feld, das die Klasse jedes Objekts enthält, etwa landuse oder crop. Nötig, wo keine Legende gewählt ist.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Field of a value</source>
      <translation>Feld eines Werts</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>A field whose values are judged too, such as roof_material. In fine-tuning: the number that is learnt.</source>
      <translation>Ein Feld, dessen Werte auch beurteilt werden, etwa roof_material. Beim Feinabstimmen: die Zahl, die gelernt wird.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>The field that identifies a feature for ever, such as osm_id. Empty: what KEY says, else the feature id.</source>
      <translation>Das Feld, das ein Objekt für immer kennzeichnet, etwa osm_id. Leer: was KEY sagt, sonst die Objekt-Id.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Date</source>
      <translation>Datum</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>When all of the layer was made or observed, such as 2024-05-01, 2024-05 or 2024.</source>
      <translation>Wann der ganze Layer entstand oder beobachtet wurde, etwa 2024-05-01, 2024-05 oder 2024.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Field of the date</source>
      <translation>Feld des Datums</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>The field that holds each feature's date. Where it is empty, the date above counts.</source>
      <translation>Das Feld, das das Datum jedes Objekts enthält. Wo es leer ist, gilt das Datum darüber.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Accuracy</source>
      <translation>Genauigkeit</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>How far off positions may be, in metres: of a phone's GPS 5, of a survey 0.1.</source>
      <translation>Wie weit Lagen danebenliegen können, in Metern: beim GPS eines Telefons 5, bei einer Vermessung 0,1.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Field of the accuracy</source>
      <translation>Feld der Genauigkeit</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>The field that holds each feature's accuracy in metres. Where it is empty, the number above counts.</source>
      <translation>Das Feld, das die Genauigkeit jedes Objekts in Metern enthält. Wo es leer ist, gilt die Zahl darüber.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>The layer's licence, such as ODbL 1.0 or CC BY 4.0. It stands in the report, and for OpenStreetMap's data nothing is accepted in bulk.</source>
      <translation>Die Lizenz des Layers, etwa ODbL 1.0 oder CC BY 4.0. Sie steht im Bericht, und bei Daten von OpenStreetMap wird nichts in Massen angenommen.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>May be edited</source>
      <translation>Darf geändert werden</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>No: the layer is evidence, such as a cadastre, and no edit of it is proposed.</source>
      <translation>Nein: der Layer ist ein Beleg, etwa ein Kataster, und keine Änderung an ihm wird vorgeschlagen.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Locked features</source>
      <translation>Gesperrte Objekte</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Which features are verified and must not be edited, as a filter such as "checked" = 'yes'. They stay evidence.</source>
      <translation>Welche Objekte geprüft sind und nicht geändert werden dürfen, als Filter wie "checked" = 'yes'. Belege bleiben sie.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>May be traced</source>
      <translation>Darf abgezeichnet werden</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Whether the licence allows to draw outlines after it. No: outlines that come from it are not written into a layer.</source>
      <translation>Ob die Lizenz erlaubt, Umrisse danach zu zeichnen. Nein: Umrisse, die daraus kommen, werden in keinen Layer geschrieben.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>May train a network</source>
      <translation>Darf ein Netz anlernen</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Whether the licence allows that a network learns from it.</source>
      <translation>Ob die Lizenz erlaubt, dass ein Netz daraus lernt.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>May be handed on</source>
      <translation>Darf weitergegeben werden</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Whether what is found with it may leave the house: geoloop:exchange needs a yes of every source.</source>
      <translation>Ob das, was damit gefunden wird, das Haus verlassen darf: geoloop:exchange braucht ein Ja jeder Quelle.</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Imagery looks at it aslant</source>
      <translation>Bilder sehen schräg darauf</translation>
    </message>
    <message>
      <location filename="../ui/sources/questions.py" />
      <source>Yes: roofs do not lie above their footprints, so nothing of this layer is moved or reshaped.</source>
      <translation>Ja: Dächer liegen nicht über ihren Grundrissen, also wird nichts von diesem Layer verschoben oder umgeformt.</translation>
    </message>
    <message>
      <location filename="../ui/sources/wrapper.py" />
      <source>nothing is said</source>
      <translation>nichts ist gesagt</translation>
    </message>
    <message>
      <location filename="../ui/sources/wrapper.py" />
      <source>Fill in…</source>
      <translation>Ausfüllen…</translation>
    </message>
    <message>
      <location filename="../ui/sources/wrapper.py" />
      <source>Opens a form that asks of each layer what it does not say of itself.</source>
      <translation>Öffnet ein Formular, das von jedem Layer erfragt, was er von sich aus nicht sagt.</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/encoders.py" />
      <source>{title}: choose the file of its public weights, {origin} ({licence})</source>
      <translation>{title}: wählen Sie die Datei der veröffentlichten Gewichte, {origin} ({licence})</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/encoders.py" />
      <source>{title}: has no public weights, it learns from nothing</source>
      <translation>{title}: ohne veröffentlichte Gewichte, lernt von Grund auf</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/encoders.py" />
      <source>{title}, licence of the weights: {licence}</source>
      <translation>{title}, Lizenz der Gewichte: {licence}</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/field.py" />
      <source>Choose a file</source>
      <translation>Datei wählen</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/legends.py" />
      <source>Legends</source>
      <translation>Legenden</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/legends.py" />
      <source>This file is no legend.</source>
      <translation>Diese Datei ist keine Legende.</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/legends.py" />
      <source>{title} – classes: {names}</source>
      <translation>{title} – Klassen: {names}</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/wrappers.py" />
      <source>No layer has an attribute of this name.</source>
      <translation>Kein Layer hat ein Attribut dieses Namens.</translation>
    </message>
    <message>
      <location filename="../ui/suggestions/wrappers.py" />
      <source>In {layers}</source>
      <translation>In {layers}</translation>
    </message>
    <message>
      <location filename="../ui/welcome.py" />
      <source>Install or examine…</source>
      <translation>Einrichten oder untersuchen…</translation>
    </message>
    <message>
      <location filename="../ui/welcome.py" />
      <source>Do not say this again</source>
      <translation>Das nicht mehr sagen</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/common_shift.py" />
      <source>No third source says which of the two is off; nothing is moved.</source>
      <translation>Keine dritte Quelle sagt, welches von beiden daneben liegt; nichts wird verschoben.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/common_shift.py" />
      <source>{layers} lies off by the same, so the imagery is off.</source>
      <translation>{layers} liegt um dasselbe daneben, also das Bild.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/common_shift.py" />
      <source>{layers} fits the imagery, so the map is off.</source>
      <translation>{layers} passt zum Bild, also liegt die Karte daneben.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/common_shift.py" />
      <source>{count} features lie off the imagery together, by {far} m ({east} m east, {north} m north).</source>
      <translation>{count} Objekte liegen gemeinsam neben dem Bild, um {far} m ({east} m nach Osten, {north} m nach Norden).</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/duplicate.py" />
      <source>The feature {twin} is the same, so one of the two is there twice; {twin} stays.</source>
      <translation>Das Objekt {twin} ist dasselbe, also ist eines doppelt da; {twin} bleibt.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/duplicate.py" />
      <source>The feature {twin} covers the same ground to {share}, so one of the two is there twice; {twin} stays.</source>
      <translation>Das Objekt {twin} bedeckt zu {share} denselben Boden, also ist eines doppelt da; {twin} bleibt.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/field_conflict.py" />
      <source>The visit saw {name}; imagery shows {shown} within {far} m.</source>
      <translation>Der Besuch sah {name}; das Bild zeigt {shown} binnen {far} m.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/field_conflict.py" />
      <source>The visit saw {name}; imagery shows {shown}.</source>
      <translation>Der Besuch sah {name}; das Bild zeigt {shown}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/invalid.py" />
      <source>The geometry is invalid: {reason}.</source>
      <translation>Die Geometrie ist ungültig: {reason}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/invalid.py" />
      <source>The geometry is invalid: it has no extent.</source>
      <translation>Die Geometrie ist ungültig: sie hat keine Ausdehnung.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/invalid.py" />
      <source>Repairing it changes its area by {change}.</source>
      <translation>Die Reparatur ändert die Fläche um {change}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/invalid.py" />
      <source>A repair would change its shape: a person must say what was meant.</source>
      <translation>Eine Reparatur würde die Form ändern: ein Mensch muss sagen, was gemeint war.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/label_patch.py" />
      <source>{layers} say {name} here; the imagery is read as {shown}, with {share} for {name}.</source>
      <translation>{layers}: hier {name}; das Bild wird als {shown} gelesen, mit {share} für {name}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/missing.py" />
      <source>The imagery shows {name} here with {here} probability, {around} around it, and no feature of “{layer}” covers it.</source>
      <translation>Das Bild zeigt hier {name} mit {here} Wahrscheinlichkeit, {around} ringsum, und kein Objekt von „{layer}“ bedeckt es.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/missing_roads.py" />
      <source>The imagery shows {far} m of {name} with {here} probability along its middle, and no line of “{layer}” runs along it.</source>
      <translation>Das Bild zeigt {far} m {name} mit {here} Wahrscheinlichkeit entlang der Mitte, und keine Linie von „{layer}“ verläuft dort.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/obsolete.py" />
      <source>The outline has no {name} under it: {here} {name} probability after the {moved} m shift of its neighbours, {visible} of it visible; the best place within a few metres has {best}.</source>
      <translation>Unter dem Umriss ist nichts ({name}): {here} Wahrscheinlichkeit nach der Verschiebung der Nachbarn um {moved} m, {visible} davon sichtbar; die beste Stelle in wenigen Metern Umkreis hat {best}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/obsolete.py" />
      <source>The outline has no {name} under it: {here} {name} probability, {visible} of it visible; the best place within a few metres has {best}.</source>
      <translation>Unter dem Umriss ist nichts ({name}): {here} Wahrscheinlichkeit, {visible} davon sichtbar; die beste Stelle in wenigen Metern Umkreis hat {best}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/obsolete_roads.py" />
      <source>Along the line the imagery shows {name} with {here} probability; {share} of its length has support, and the weakest {stretch} m have {weakest}.</source>
      <translation>Entlang der Linie zeigt das Bild {name} mit {here} Wahrscheinlichkeit; {share} ihrer Länge sind belegt, die schwächsten {stretch} m mit {weakest}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/outdated.py" />
      <source>The visit is of {date}, {old} years older than the newest source.</source>
      <translation>Der Besuch ist vom {date}, {old} Jahre älter als die neueste Quelle.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/outdated.py" />
      <source>The feature is of {date}, {old} years older than the newest source.</source>
      <translation>Das Objekt ist vom {date}, {old} Jahre älter als die neueste Quelle.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/outdated.py" />
      <source>About half of such features change within {half} years.</source>
      <translation>Etwa die Hälfte solcher Objekte ändert sich binnen {half} Jahren.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/outdated.py" />
      <source>About half of {name} change within {half} years.</source>
      <translation>Von {name} ändert sich etwa die Hälfte binnen {half} Jahren.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/reshaped.py" />
      <source>It has several parts, and no other outline is drawn of such.</source>
      <translation>Es hat mehrere Teile, und für solche wird kein anderer Umriss gezeichnet.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/reshaped.py" />
      <source>No other outline is surely better.</source>
      <translation>Kein anderer Umriss ist sicher besser.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/reshaped.py" />
      <source>The outline fits what the imagery shows of the {name} to {fits} only: {hole} of it shows none, and beside it lie another {beside} of its area.</source>
      <translation>Der Umriss passt nur zu {fits} zu dem, was das Bild zeigt ({name}): {hole} davon zeigen nichts, und daneben liegen weitere {beside} der Fläche.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/sentences.py" />
      <source>“{layer}” says {name}.</source>
      <translation>„{layer}“ sagt {name}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/shifted.py" />
      <source>The {name} lies {far} m {towards} of its outline, or elsewhere near by: {there} {name} probability at the best place, {here} where its neighbours say that it should lie ({off} m off).</source>
      <translation>Dies ({name}) liegt {far} m {towards} von seinem Umriss, oder anderswo in der Nähe: {there} Wahrscheinlichkeit an der besten Stelle, {here} dort, wo es nach seinen Nachbarn liegen müsste ({off} m daneben).</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/shifted.py" />
      <source>The {name} lies {far} m {towards} of its outline: {there} {name} probability at the best place, {here} where its neighbours say that it should lie ({off} m off).</source>
      <translation>Dies ({name}) liegt {far} m {towards} von seinem Umriss: {there} Wahrscheinlichkeit an der besten Stelle, {here} dort, wo es nach seinen Nachbarn liegen müsste ({off} m daneben).</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/shifted_roads.py" />
      <source>The {name} runs {far} m {towards} of its line, or elsewhere near by: {there} {name} probability along it there, {here} where its neighbours say that it should run.</source>
      <translation>Dies ({name}) verläuft {far} m {towards} von seiner Linie, oder anderswo in der Nähe: {there} Wahrscheinlichkeit dort, {here} da, wo es nach seinen Nachbarn verlaufen müsste.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/shifted_roads.py" />
      <source>The {name} runs {far} m {towards} of its line: {there} {name} probability along it there, {here} where its neighbours say that it should run.</source>
      <translation>Dies ({name}) verläuft {far} m {towards} von seiner Linie: {there} Wahrscheinlichkeit dort, {here} da, wo es nach seinen Nachbarn verlaufen müsste.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/wrong_class.py" />
      <source>Without its own label, {best} is {chance} probable here and {own} {own_chance}.</source>
      <translation>Ohne die eigene Angabe ist {best} hier zu {chance} wahrscheinlich und {own} zu {own_chance}.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/wrong_value.py" />
      <source>{name} is “{value}”, as in {rare} of the features; {often} say “{usual}”.</source>
      <translation>{name} ist „{value}“, wie bei {rare} der Objekte; {often} sagen „{usual}“.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/wrong_value.py" />
      <source>{name} is “{value}”; features like it say “{other}” ({chance} against {own}).</source>
      <translation>{name} ist „{value}“; ähnliche Objekte sagen „{other}“ ({chance} gegen {own}).</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/wrong_value.py" />
      <source>{number} would fit.</source>
      <translation>{number} würde passen.</translation>
    </message>
    <message>
      <location filename="../core/discrepancies/wrong_value.py" />
      <source>{name} is {number}, where {expected} is expected from the feature and its surroundings: {off} usual deviations off.</source>
      <translation>{name} ist {number}, wo nach dem Objekt und seiner Umgebung {expected} zu erwarten ist: {off} übliche Abweichungen daneben.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look whether there is {proposed} here: “{layer}” shows none.</source>
      <translation>Sehen Sie nach, ob hier etwas ist ({proposed}): „{layer}“ zeigt nichts.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look whether the {now} of “{layer}” is still here.</source>
      <translation>Sehen Sie nach, ob dies ({now}) aus „{layer}“ noch da ist.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look where the {now} really stands: “{layer}” seems to have it in the wrong place.</source>
      <translation>Sehen Sie nach, wo dies ({now}) wirklich steht: „{layer}“ scheint es an der falschen Stelle zu haben.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look how far the {now} reaches: its outline in “{layer}” seems wrong.</source>
      <translation>Sehen Sie nach, wie weit dies ({now}) reicht: der Umriss in „{layer}“ scheint falsch.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look whether this is {proposed}: “{layer}” says {now}.</source>
      <translation>Sehen Sie nach, ob dies {proposed} ist: „{layer}“ sagt {now}.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look whether what “{layer}” says of this {now} is right: {before}; proposed is {after}.</source>
      <translation>Sehen Sie nach, ob stimmt, was „{layer}“ hierüber ({now}) sagt: {before}; vorgeschlagen ist {after}.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look whether this is one {now} or two: “{layer}” has it twice.</source>
      <translation>Sehen Sie nach, ob dies ({now}) eines ist oder zwei: „{layer}“ hat es doppelt.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look how the {now} is bounded: its outline in “{layer}” is no valid shape.</source>
      <translation>Sehen Sie nach, wie dies ({now}) begrenzt ist: der Umriss in „{layer}“ ist keine gültige Form.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look again at what is here: the visit in “{layer}” says {now}, the others {proposed}.</source>
      <translation>Sehen Sie noch einmal nach, was hier ist: der Besuch in „{layer}“ sagt {now}, die anderen {proposed}.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Look whether this is still {now}: what “{layer}” says is old.</source>
      <translation>Sehen Sie nach, ob dies noch {now} ist: was „{layer}“ sagt, ist alt.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>Measure a sharp corner here: the objects of “{layer}” lie off together.</source>
      <translation>Messen Sie hier eine scharfe Ecke: die Objekte von „{layer}“ liegen gemeinsam daneben.</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>nothing</source>
      <translation>nichts</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>something else</source>
      <translation>etwas anderes</translation>
    </message>
    <message>
      <location filename="../core/exchange/sentences.py" />
      <source>object</source>
      <translation>Objekt</translation>
    </message>
  </context>
</TS>
